export declare function readmeExample(readme: string): { code: string; promised: string[] } | undefined;
