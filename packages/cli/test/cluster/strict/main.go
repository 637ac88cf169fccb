// Reads a Job as an API server with strict field validation does: unknown fields, fields that are there twice and wrong types
// are refused.
package main

import (
	"fmt"
	"io"
	"os"

	batchv1 "k8s.io/api/batch/v1"
	"sigs.k8s.io/json"
)

func main() {
	data, err := io.ReadAll(os.Stdin)
	var job batchv1.Job
	var strict []error
	if err == nil {
		strict, err = json.UnmarshalStrict(data, &job)
	}
	if err != nil {
		strict = append(strict, err)
	}
	for _, problem := range strict {
		fmt.Fprintln(os.Stderr, problem)
	}
	if len(strict) > 0 {
		os.Exit(1)
	}
	fmt.Println(*job.Spec.Completions, *job.Spec.CompletionMode, *job.Spec.BackoffLimitPerIndex)
}
