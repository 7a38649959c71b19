import { createHmac } from "node:crypto";
import type { Secret } from "../../contract/secret.ts";
import type { PublicHttp, PublicHttpRequest, Refusal } from "../../ports/public-http.ts";
import type { Message } from "../locale/locale.ts";

/** What is sent to the webhook. */
export interface SentMessage {
	/** The same at each try, so that the receiver can leave out what it has. */
	readonly id: string;
	/** JSON. */
	readonly body: string;
}

/**
 * A message as a call, signed as the Standard Webhooks specification says. The time of the call is part of what is signed, so
 * that the receiver can refuse a call that somebody sends again later.
 *
 * @param now milliseconds since the epoch.
 */
export function signedCall(
	{ url, secret }: { readonly url: string; readonly secret: Secret },
	{ id, body }: SentMessage,
	now: number,
): PublicHttpRequest {
	const timestamp = String(Math.floor(now / 1000));
	const key = Buffer.from(secret.reveal().replace(/^whsec_/, ""), "base64");
	const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
	return {
		method: "POST",
		url,
		headers: {
			"content-type": "application/json",
			"webhook-id": id,
			"webhook-timestamp": timestamp,
			"webhook-signature": `v1,${signature}`,
		},
		body,
	};
}

/** Why an address is not called, and what to do. */
export function notCalled(reason: Refusal["reason"]): Message {
	return { key: `webhook-problem.${reason}` };
}

/** Makes a call once. @returns why it failed; null where it was answered with success. */
export async function problemOfCall(
	http: Pick<PublicHttp, "send">,
	call: PublicHttpRequest,
): Promise<Message | null> {
	const answer = await http.send(call);
	switch (answer.kind) {
		case "refused":
			return notCalled(answer.reason);
		case "failure":
			return { key: `webhook-problem.${answer.reason}` };
		case "answer":
			return answer.status >= 200 && answer.status < 300
				? null
				: { key: "webhook-problem.status", values: { status: String(answer.status) } };
	}
}
