import type { LoginButton } from "../../contract/login-button.ts";
import type {
	LinkedIdentity,
	LoginResponse,
	Page,
	PluginCookie,
} from "../../contract/login-response.ts";
import type { HookName } from "../../contract/plugin.ts";
import { plainCopy } from "./plain-copy.ts";

type Fields = Readonly<Record<string, unknown>>;

const MOST_COOKIES = 20;
const LONGEST_COOKIE = 1024;
/** The longest lifetime that browsers give a cookie: 400 days. */
const LONGEST_SECONDS = 400 * 24 * 60 * 60;
/** More than any id or handle of a provider has. */
const LONGEST_LABEL = 200;
/** Servers and proxies refuse longer lines. */
const LONGEST_ADDRESS = 8192;

/**
 * The answer of a login hook as plain data, with the fields that its kind has and no others. Each field is read once, so that
 * getters and proxies cannot answer a check with one value and the use after it with another.
 *
 * @throws TypeError that names the first field that breaks the contract. Whatever a getter throws.
 */
export function copyOfResponse(answer: unknown): LoginResponse {
	const fields = fieldsOf(answer, "response");
	const step = stepOf(fields);
	const { cookies, afterwards } = fields;
	const copied = cookies === undefined ? step : { ...step, cookies: cookiesOf(cookies) };
	return afterwards === undefined ? copied : { ...copied, afterwards: afterwardsOf(afterwards) };
}

function stepOf(fields: Fields): LoginResponse {
	const { kind } = fields;
	switch (kind) {
		case "redirect":
			return { kind, location: addressIn(fields, "location") };
		case "signed-in":
		case "signed-up":
		case "linked":
		case "complete-profile": {
			const userId = textIn(fields, "userId");
			const returnPath = addressIn(fields, "returnPath");
			const { accessEpoch } = fields;
			const linkedAccount = identityOf(fields["linkedAccount"]);
			const came = { kind, userId, returnPath, ...(linkedAccount && { linkedAccount }) };
			return accessEpoch === undefined
				? came
				: { ...came, accessEpoch: textOf(accessEpoch, "accessEpoch") };
		}
		case "reauthenticate":
			return { kind, returnPath: addressIn(fields, "returnPath") };
		case "page":
			return { kind, page: pageOf(fields["page"]) };
		case "cancelled":
		case "refused": {
			const code = textIn(fields, "code");
			const traceCode = textIn(fields, "traceCode");
			return { kind, code, traceCode, page: pageOf(fields["page"]) };
		}
		default:
			throw broken("kind");
	}
}

/** Undefined for what is no identity. Nobody is kept out because of a name that is only shown. */
function identityOf(value: unknown): LinkedIdentity | undefined {
	const { identityId, label }: Fields = Object(value);
	return isLabel(identityId) && isLabel(label) ? { identityId, label } : undefined;
}

function isLabel(value: unknown): value is string {
	return typeof value === "string" && value !== "" && value.length <= LONGEST_LABEL;
}

function pageOf(value: unknown): Page {
	const page = fieldsOf(value, "page");
	const { status } = page;
	// Other statuses have no content, or send the browser elsewhere.
	const isPage =
		Number.isInteger(status) &&
		[2, 4, 5].includes(Math.floor(Number(status) / 100)) &&
		status !== 204 &&
		status !== 205;
	if (!isPage) {
		throw broken("page.status");
	}
	return { status: Number(status), title: textIn(page, "title"), html: textIn(page, "html") };
}

function cookiesOf(value: unknown): PluginCookie[] {
	if (!Array.isArray(value)) {
		throw broken("cookies");
	}
	const list: readonly unknown[] = value;
	const length: unknown = list.length;
	if (typeof length !== "number" || length > MOST_COOKIES) {
		throw broken("cookies");
	}
	const cookies: PluginCookie[] = [];
	// Read by its indexes: the methods of an array may be the plugin's own.
	for (let index = 0; index < length; index += 1) {
		cookies.push(cookieOf(list[index]));
	}
	return cookies;
}

function cookieOf(value: unknown): PluginCookie {
	const cookie = fieldsOf(value, "cookies");
	const name = textIn(cookie, "name");
	const content = textIn(cookie, "value");
	const { maxAgeSeconds } = cookie;
	if (!/^[a-z-]+$/.test(name) || content.length > LONGEST_COOKIE || !/^[\w.-]*$/.test(content)) {
		throw broken("cookies");
	}
	if (
		typeof maxAgeSeconds !== "number" ||
		!(maxAgeSeconds >= 0 && maxAgeSeconds <= LONGEST_SECONDS)
	) {
		throw broken("cookies.maxAgeSeconds");
	}
	return { name, value: content, maxAgeSeconds };
}

function afterwardsOf(work: unknown): () => Promise<void> {
	if (typeof work !== "function") {
		throw broken("afterwards");
	}
	return async () => {
		await work();
	};
}

/**
 * The buttons of a plugin as plain data.
 *
 * @throws TypeError, see {@link copyOfResponse}.
 */
export function copyOfButtons(answer: unknown): readonly LoginButton[] {
	const buttons = plainCopy(answer) ?? [];
	if (!Array.isArray(buttons)) {
		throw broken("buttons");
	}
	for (const button of buttons) {
		const fields = fieldsOf(button, "button");
		textIn(fields, "action");
		textIn(fields, "html");
	}
	return buttons;
}

/**
 * The answer of another hook as plain data. Nothing where a hook may answer with nothing.
 *
 * @throws TypeError, see {@link copyOfResponse}.
 */
export function copyOfAnswer(hook: HookName, answer: unknown): unknown {
	const copy = plainCopy(answer);
	if (copy !== undefined && copy !== null && SHAPES[hook]?.(copy) === false) {
		throw broken(hook);
	}
	return copy;
}

/** The shapes of answers whose text stands on pages of the host. */
const SHAPES: Partial<Record<HookName, (copy: unknown) => boolean>> = {
	listLinkedAccounts: (accounts) =>
		Array.isArray(accounts) && accounts.every((each) => hasTexts(each, ["identityId", "label"])),
	unlinkAccount: (unlinking) =>
		["unlinked", "not-linked", "last-way-in"].includes(String(Object(unlinking)["kind"])),
	purgeLinks: (purged) => {
		const { removed, isDone }: Fields = Object(purged);
		return Number.isInteger(removed) && Number(removed) >= 0 && typeof isDone === "boolean";
	},
	explain: (explanation) =>
		hasTexts(explanation, ["title", "text"]) &&
		["undefined", "string"].includes(typeof Object(explanation)["told"]),
};

function hasTexts(value: unknown, names: readonly string[]): boolean {
	return names.every((name) => typeof Object(value)[name] === "string");
}

function fieldsOf(value: unknown, name: string): Fields {
	if (typeof value !== "object" || value === null) {
		throw broken(name);
	}
	return value as Fields;
}

function textIn(fields: Fields, name: string): string {
	return textOf(fields[name], name);
}

function textOf(value: unknown, name: string): string {
	if (typeof value !== "string") {
		throw broken(name);
	}
	return value;
}

function addressIn(fields: Fields, name: string): string {
	const address = textIn(fields, name);
	if (address.length > LONGEST_ADDRESS) {
		throw broken(name);
	}
	return address;
}

function broken(field: string): TypeError {
	return new TypeError(`the plugin's answer breaks the contract: ${field}`);
}
