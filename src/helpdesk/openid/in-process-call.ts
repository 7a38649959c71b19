import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { duplexPair } from "node:stream";
import { text } from "node:stream/consumers";

export interface InProcessRequest {
	readonly method: "GET" | "POST";
	/** With a slash first. */
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
}

/** Answers a request. When it rejects, the call rejects. */
export type AsyncListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Sends an HTTP request to a listener in this process. It goes over no network. */
export async function callInProcess(
	listener: AsyncListener,
	{ method, path, headers, body = "" }: InProcessRequest,
): Promise<{ readonly status: number; readonly body: string }> {
	const [here, there] = duplexPair();
	try {
		return await new Promise((resolve, reject) => {
			createServer((incoming, outgoing) => void listener(incoming, outgoing).catch(reject)).emit(
				"connection",
				there,
			);
			const sent = request(
				{
					method,
					path,
					headers: { ...headers, connection: "close" },
					createConnection: () => here,
				},
				(answer) =>
					text(answer).then(
						(answered) => resolve({ status: answer.statusCode ?? 0, body: answered }),
						reject,
					),
			);
			sent.on("error", reject).end(body);
		});
	} finally {
		here.destroy();
		there.destroy();
	}
}
