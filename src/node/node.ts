/** What needs files: for Node alone. */
export {};
