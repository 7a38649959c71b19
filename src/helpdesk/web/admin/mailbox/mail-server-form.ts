import { isIP } from "node:net";
import type { FormField } from "../../../../contract/login-request.ts";
import { type Secret, secret } from "../../../../contract/secret.ts";
import type { Reach } from "../../../../ports/public-lookup.ts";
import { isPrivateAddress } from "../../../../ports/public-lookup.ts";
import { typedInteger } from "../../../ascii-digits.ts";
import type { Message } from "../../../locale/locale.ts";
import { canonicalHost, hostInUrl, isSender } from "../../../mail/mail-server.ts";
import {
	ENCRYPTIONS,
	type Encryption,
	type SavedMailServer,
} from "../../../mail/saved-mail-server.ts";
import { pastedText } from "../../../pasted-text.ts";
import { field } from "../../visit.ts";

export type ServerField = "host" | "port" | "encryption" | "user" | "password" | "from";

/** What an owner typed, but for the password. */
export interface TypedServer {
	readonly host: string;
	readonly port: string;
	readonly encryption: Encryption;
	readonly user: string;
	readonly from: string;
}

export type CheckedServer =
	| {
			readonly kind: "good";
			readonly server: SavedMailServer;
			readonly password: Secret | undefined;
	  }
	| { readonly kind: "refused"; readonly problems: ReadonlyMap<ServerField, Message> };

export const EMPTY_SERVER: TypedServer = {
	...{ host: "", port: "", encryption: "required", user: "", from: "" },
};

/** The longest value of a field, and of the password: keys of some providers are long. */
export const MOST_TYPED = 320;
export const MOST_OF_PASSWORD = 1000;
const DEFAULT_PORTS: Readonly<Record<Encryption, number>> = {
	implicit: 465,
	required: 587,
	off: 25,
};

export function typedServer(form: readonly FormField[]): TypedServer {
	const text = (name: ServerField) => pastedText(field(form, name) ?? "").slice(0, MOST_TYPED + 1);
	return {
		...{ host: text("host"), port: text("port"), user: text("user"), from: text("from") },
		encryption: ENCRYPTIONS.find((each) => each === field(form, "encryption")) ?? "required",
	};
}

/** @returns undefined where none was typed. */
export function typedPassword(form: readonly FormField[]): Secret | undefined {
	const typed = field(form, "password") ?? "";
	return typed === "" ? undefined : secret(typed);
}

/** A form for a server that is saved. */
export function formOf({ host, port, tls, user, from }: SavedMailServer): TypedServer {
	return { host, port: String(port), encryption: tls, user, from };
}

/** Judges a server by what was typed alone. Whether it answers, and where its name leads, shows only when it is called. */
export function checkedServer(
	typed: TypedServer,
	password: Secret | undefined,
	{ allowPrivate }: Pick<Reach, "allowPrivate">,
): CheckedServer {
	const { encryption: tls, user, from } = typed;
	const host = hostIn(typed.host);
	const port = typed.port === "" ? DEFAULT_PORTS[tls] : portIn(typed.port);
	const isAllowed = host !== undefined && allowPrivate.includes(hostInUrl(host));
	const problems = new Map<ServerField, Message>();
	const expect = (isGood: boolean, name: ServerField, problem: Message): void => {
		if (!isGood && !problems.has(name)) {
			problems.set(name, problem);
		}
	};
	expect(host !== undefined, "host", HOST_PROBLEM);
	expect(isAllowed || !isPrivateAddress(host ?? ""), "host", privateProblem(typed.host));
	expect(port !== undefined, "port", { key: "mail-server.port.invalid" });
	expect(tls !== "off" || isAllowed, "encryption", clearTextProblem(typed.host));
	expect(isPlain(user), "user", {
		key: "mail-server.user.invalid",
		values: { most: MOST_TYPED },
	});
	expect(password === undefined || user !== "", "user", { key: "mail-server.user.missing" });
	expect(isShort(password), "password", {
		key: "mail-server.password.too-long",
		values: { most: MOST_OF_PASSWORD },
	});
	expect(isPlain(from) && isSender(from), "from", FROM_PROBLEM);
	return problems.size > 0 || host === undefined || port === undefined
		? { kind: "refused", problems }
		: { kind: "good", server: { host, port, tls, user, from }, password };
}

export const HOST_EXAMPLE = "smtp.example.com";
export const SENDER_EXAMPLES = { address: "help@example.com", named: "Help <help@example.com>" };
const HOST_PROBLEM: Message = {
	key: "mail-server.host.invalid",
	values: { example: HOST_EXAMPLE, scheme: "smtp://" },
};
const FROM_PROBLEM: Message = { key: "mail-server.from.invalid", values: SENDER_EXAMPLES };

export function privateProblem(host: string): Message {
	return { key: "mail-server.host.private", values: { host } };
}

function clearTextProblem(host: string): Message {
	return { key: "mail-server.encryption.clear-text", values: { host } };
}

function hostIn(typed: string): string | undefined {
	const isAddress = isIP(typed) === 6;
	return isAddress || /^[^\s/?#@:\\[\]]{1,253}$/.test(typed)
		? canonicalHost(isAddress ? `[${typed}]` : typed)?.replace(/^\[(.*)\]$/, "$1")
		: undefined;
}

function portIn(typed: string): number | undefined {
	const port = typedInteger(typed);
	return port > 0 && port < 65_536 ? port : undefined;
}

function isPlain(text: string): boolean {
	return text.length <= MOST_TYPED && !/\p{Cc}/u.test(text);
}

function isShort(password: Secret | undefined): boolean {
	return password === undefined || password.reveal().length <= MOST_OF_PASSWORD;
}
