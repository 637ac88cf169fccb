/** What the comments of an example say that it prints, line by line. */
export interface Example {
  code: string;
  promised: string[];
}
export declare function examplesIn(markdown: string): Example[];
export declare function browserExample(readme: string): Example | undefined;
export declare function readmeExample(readme: string): Example | undefined;
