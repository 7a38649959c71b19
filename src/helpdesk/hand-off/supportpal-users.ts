import { canonicalEmail } from "../../contract/email-address.ts";
import type { HttpAnswer, HttpFailure } from "../../contract/http.ts";
import type { Secret } from "../../contract/secret.ts";
import type { PublicHttp, Refusal } from "../../ports/public-http.ts";
import type { Message } from "../locale/locale.ts";
import type { HandOffHelpdesk } from "./hand-off-helpdesk.ts";
import type { HandedUser } from "./presets/hand-off-preset.ts";

/** The languages of users, as SupportPal's `language_code` has them: without a region. */
const LANGUAGE = /^[a-z]{2,3}/i;

const FLAG = "--allow-private";

const REFUSED: Readonly<Record<Refusal["reason"], Message>> = {
	"private-address": { key: "helpdesk.check.private-address", values: { flag: FLAG } },
	"https-needed": { key: "helpdesk.check.https-needed", values: { flag: FLAG } },
	credentials: { key: "helpdesk.check.credentials" },
	"invalid-url": { key: "helpdesk.check.invalid-url" },
};

/** Whether the REST API has done what it was asked. `why` is for the log, too: it names neither a user nor a secret. */
export type ApiAnswer =
	| { readonly kind: "done" }
	| { readonly kind: "failed"; readonly why: Message };

type Place = Pick<HandOffHelpdesk, "address" | "remoteBrandId">;

/** The users of a SupportPal, by its REST API. */
export class SupportPalUsers {
	constructor(private readonly http: Pick<PublicHttp, "send">) {}

	/**
	 * Finds the user with an address or creates them there. An account that is there already stays as it is, also one whose
	 * address nobody has confirmed: its password may be somebody else's.
	 */
	async findOrCreate(place: Place, user: HandedUser, token: Secret): Promise<ApiAnswer> {
		const found = await this.find(place, user, token);
		if (found.kind === "failed" || found.isThere) {
			return found.kind === "failed" ? found : { kind: "done" };
		}
		const created = await this.call(place, token, "POST", "", JSON.stringify(newUser(place, user)));
		if (created.kind === "data") {
			return { kind: "done" };
		}
		// A second browser of the same user may have been faster.
		const again = await this.find(place, user, token);
		return again.kind === "found" && again.isThere ? { kind: "done" } : created;
	}

	/** Whether the address and the token are good for anything. */
	async check(place: Place, token: Secret): Promise<ApiAnswer> {
		const answer = await this.call(place, token, "GET", "?limit=1");
		return answer.kind === "data" ? { kind: "done" } : answer;
	}

	private async find(
		place: Place,
		{ email }: HandedUser,
		token: Secret,
	): Promise<
		| { readonly kind: "found"; readonly isThere: boolean }
		| { readonly kind: "failed"; readonly why: Message }
	> {
		const query = new URLSearchParams({ email, limit: "1" });
		if (place.remoteBrandId !== null) {
			query.set("brand_id", String(place.remoteBrandId));
		}
		const answer = await this.call(place, token, "GET", `?${query}`);
		if (answer.kind === "failed") {
			return answer;
		}
		const users: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [];
		// The answer counts, whatever the filter did.
		const isThere = users.some((user) => canonicalEmail(textIn(user, "email")) === email);
		return { kind: "found", isThere };
	}

	private async call(
		{ address }: Place,
		token: Secret,
		method: "GET" | "POST",
		query: string,
		body?: string,
	): Promise<
		| { readonly kind: "data"; readonly data: unknown }
		| { readonly kind: "failed"; readonly why: Message }
	> {
		const result = await this.http.send({
			method,
			url: `${address.replace(/\/$/, "")}/api/user/user${query}`,
			headers: {
				// The password of the pair is ignored.
				authorization: `Basic ${Buffer.from(`${token.reveal()}:X`).toString("base64")}`,
				accept: "application/json",
				"content-type": "application/json",
			},
			...(body !== undefined && { body }),
		});
		const json = result.kind === "answer" && result.status < 300 ? jsonIn(result.body) : undefined;
		return textIn(json, "status") === "success"
			? { kind: "data", data: (json as { readonly data?: unknown }).data }
			: { kind: "failed", why: whyOf(method, result) };
	}
}

/** What a new user begins with. The address was proven here by a code or a link from a letter. */
function newUser({ remoteBrandId }: Place, { name, email, locale }: HandedUser): object {
	const [firstname = "", ...rest] = name.split(" ");
	return {
		...(remoteBrandId !== null && { brand_id: remoteBrandId }),
		// Its form asks for both, and many people have one name at X.
		...{ firstname, lastname: rest.join(" ") || "-" },
		...{ email, email_verified: true, send_email: false },
		language_code: LANGUAGE.exec(locale)?.[0].toLowerCase() ?? "en",
	};
}

function whyOf(method: string, result: HttpAnswer | HttpFailure | Refusal): Message {
	const request = `${method} user/user`;
	switch (result.kind) {
		case "answer":
			return {
				key: result.status < 300 ? "helpdesk.check.no-success" : "helpdesk.check.status",
				values: { request, status: String(result.status) },
			};
		case "failure":
			return { key: "helpdesk.check.no-answer", values: { request, reason: result.reason } };
		case "refused": {
			const reason = REFUSED[result.reason];
			return { key: "helpdesk.check.not-sent", values: { request, reason } };
		}
	}
}

function jsonIn(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function textIn(value: unknown, name: string): string {
	const field =
		typeof value === "object" && value !== null
			? (value as Readonly<Record<string, unknown>>)[name]
			: undefined;
	return typeof field === "string" ? field : "";
}
