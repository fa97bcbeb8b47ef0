/** What is used of `@modelcontextprotocol/server`, version 2. */
export interface McpSdk<Server extends object = object> {
  readonly McpServer: new (...args: never[]) => Server;
  readonly createMcpHandler: (...args: never[]) => McpHandler;
  readonly fromJsonSchema: (...args: never[]) => object;
}

/** Answers the requests of MCP over HTTP. */
export interface McpHandler {
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** The classes and functions of the SDK, as far as they are called. */
export interface CalledSdk<Server> {
  readonly McpServer: new (info: { readonly name: string; readonly version: string }) => Server & ToolHost;
  createMcpHandler(
    factory: (context: ServerContext) => Promise<object>,
    options: { readonly keepAliveMs?: number },
  ): McpHandler;
  fromJsonSchema(schema: object): object;
}

export interface ToolHost {
  registerTool(
    name: string,
    config: {
      readonly title: string;
      readonly description: string;
      readonly inputSchema: object;
      readonly outputSchema: object;
      readonly annotations: { readonly readOnlyHint: boolean; readonly openWorldHint: boolean };
    },
    run: (args: Readonly<Record<string, unknown>>, context: ToolContext) => Promise<ToolResult>,
  ): unknown;
}

/** What a server is made for: one request of HTTP, or one connection. */
export interface ServerContext {
  readonly requestInfo?: Request;
}

/** One call of a tool. */
export interface ToolContext {
  readonly mcpReq: {
    readonly signal: AbortSignal;
    readonly _meta?: { readonly progressToken?: string | number };
    notify(notification: { readonly method: string; readonly params: object }): Promise<void>;
  };
}

export interface ToolResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: object;
  readonly isError?: boolean;
}
