import { createHmac } from "node:crypto";
import type { HttpFailureReason } from "../../contract/http.ts";
import type { Secret } from "../../contract/secret.ts";
import type { PublicHttp, PublicHttpRequest, Refusal } from "../../ports/public-http.ts";

/** What is sent to the webhook. */
export interface Message {
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
	{ id, body }: Message,
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

const WHY: Readonly<Record<HttpFailureReason, string>> = {
	dns: "Its host name has no address.",
	tls: "It has no certificate that is trusted, or does not speak TLS.",
	timeout: "It did not answer within three seconds.",
	reset: "Nothing answers there, or the connection broke.",
	"too-large": "Its answer is too large.",
};

/** Why an address is not called, and what to do, as a sentence. */
export const NOT_CALLED: Readonly<Record<Refusal["reason"], string>> = {
	"invalid-url": "This is not a web address. Enter one that begins with https://.",
	credentials: "Enter the address without a user name and a password.",
	"https-needed":
		"The address has to begin with https://, so that nobody on the way reads or changes alerts.",
	"private-address":
		"The address is not on the internet, and only the internet is called. To call a host of your own network, start the helpdesk with --allow-private and its name.",
};

/** Makes a call once. @returns why it failed, as a sentence; null where it was answered with success. */
export async function problemOfCall(
	http: Pick<PublicHttp, "send">,
	call: PublicHttpRequest,
): Promise<string | null> {
	const answer = await http.send(call);
	switch (answer.kind) {
		case "refused":
			return NOT_CALLED[answer.reason];
		case "failure":
			return WHY[answer.reason];
		case "answer":
			return answer.status >= 200 && answer.status < 300
				? null
				: `It answered with the status ${answer.status} instead of 200.`;
	}
}
