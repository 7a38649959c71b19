import { createHash } from "node:crypto";
import type {
	Brand,
	HelpdeskHost,
	LoginRequest,
	LoginResponse,
	Secret,
	StorageKey,
	User,
} from "x-login/contract";
import { Guesses } from "./guesses.ts";
import { identityOf, type Nicknames, readNickname } from "./nicknames.ts";
import { formPage } from "./pages.ts";
import { fieldsOf, type Read, readStored } from "./stored-value.ts";
import type { Text } from "./texts.ts";

/** Reasons why a log-in ends without success, each with the status of its page. */
export const ENDS = {
	cancelled: 200,
	expired: 400,
	"not-available": 404,
	"too-many-guesses": 429,
	"sign-up-closed": 403,
	"sign-up-refused": 409,
	suspended: 403,
	"awaiting-approval": 403,
	"helpdesk-unavailable": 503,
} as const;

/** Ends a log-in without success. */
export class LogInEnded extends Error {
	override readonly name = "LogInEnded";

	constructor(
		readonly code: keyof typeof ENDS,
		readonly attempt?: Attempt | undefined,
		readonly identity?: string | undefined,
	) {
		super(code);
	}
}

/** One browser's way from the button to the end. */
type Attempt = { readonly returnPath: string; readonly startedAt: number };

const readAttempt: Read<Attempt> = (value) => {
	const { returnPath, startedAt } = fieldsOf(value);
	const isRead = typeof returnPath === "string" && typeof startedAt === "number";
	return isRead ? { returnPath, startedAt } : undefined;
};

/** The response to a request. A request that ends an attempt names the attempt too. */
export interface Step {
	readonly response: LoginResponse;
	readonly attempt?: Attempt | undefined;
	readonly identity?: string | undefined;
}

const COOKIE = "attempt";
const LIFETIME_SECONDS = 600;
const COOKIE_BYTES = 32;

export class LogIn {
	private readonly guesses: Guesses;

	constructor(
		private readonly host: HelpdeskHost,
		private readonly nicknames: Nicknames,
	) {
		this.guesses = new Guesses(host);
	}

	/** The brand and its word. Undefined if nobody can log in with a word there. */
	async openAt(brandId: string): Promise<{ brand: Brand; word: Secret } | undefined> {
		const { brands, settings, secrets } = this.host;
		const brand = await brands.find(brandId);
		const word = brand && (await secrets.get(brandId, "magicWord"));
		const isOn = word !== undefined && (await settings.read(brandId)).enabled;
		return isOn && brand !== undefined ? { brand, word } : undefined;
	}

	async start(request: LoginRequest): Promise<Step> {
		const open = await this.openAt(request.brandId);
		if (open === undefined) {
			throw new LogInEnded("not-available");
		}
		const returnPath = readReturnPath(field(request, "return_path"));
		if (request.currentUser !== undefined) {
			return { response: { kind: "redirect", location: returnPath } };
		}
		const { storage, clock, random } = this.host;
		const value = Buffer.from(random.bytes(COOKIE_BYTES)).toString("base64url");
		const startedAt = clock.now();
		const attempt: Attempt = { returnPath, startedAt };
		const key = attemptKey(request.brandId, value);
		const expiresAt = startedAt + LIFETIME_SECONDS * 1000;
		await storage.commit({ sets: [{ key, value: attempt, expiresAt }] });
		const cookies = [{ name: COOKIE, value, maxAgeSeconds: LIFETIME_SECONDS }];
		return { response: { kind: "redirect", location: open.brand.continuePath, cookies } };
	}

	async continue(request: LoginRequest, text: Text): Promise<Step> {
		const open = await this.openAt(request.brandId);
		if (open === undefined) {
			throw new LogInEnded("not-available");
		}
		const { brand, word } = open;
		const key = attemptKey(brand.id, request.cookies[COOKIE] ?? "");
		const entry = await this.host.storage.get(key);
		const attempt = entry && readStored(entry, readAttempt);
		if (attempt === undefined || request.currentUser !== undefined) {
			return this.late(request);
		}
		const typed = field(request, "nickname");
		const again = (problem?: "nickname" | "word"): Step => {
			const shown = { nickname: typed.slice(0, 60), ...(problem && { problem }) };
			return { response: { kind: "page", page: formPage(text, brand, shown) } };
		};
		if (request.method === "GET") {
			return again();
		}
		if (field(request, "action") === "cancel") {
			await this.take(key, request);
			throw new LogInEnded("cancelled", attempt);
		}
		const nickname = readNickname(typed);
		if (nickname === undefined) {
			return again("nickname");
		}
		const guess = field(request, "word");
		switch (await this.guesses.guess(brand.id, request.clientAddress, guess, word)) {
			case "too-many":
				await this.take(key, request);
				throw new LogInEnded("too-many-guesses", attempt);
			case "wrong":
				return again("word");
			case "right":
				await this.take(key, request);
				return this.letIn(brand, nickname, request.locale, attempt);
		}
	}

	private async letIn(
		brand: Brand,
		nickname: string,
		locale: string,
		attempt: Attempt,
	): Promise<Step> {
		const identity = identityOf(brand.id, nickname);
		const known = await this.nicknames.userOf(brand.id, nickname);
		if (known === undefined && !brand.registrationOpen) {
			throw new LogInEnded("sign-up-closed", attempt, identity);
		}
		const claimed =
			known === undefined
				? await this.nicknames.claim(brand, nickname, locale)
				: { user: known, isNew: false };
		if (claimed === undefined) {
			throw new LogInEnded("sign-up-refused", attempt, identity);
		}
		const kind = outcomeFor(claimed.user, claimed.isNew);
		if (kind === "suspended" || kind === "awaiting-approval") {
			throw new LogInEnded(kind, attempt, identity);
		}
		const { returnPath } = attempt;
		const cookies = [{ name: COOKIE, value: "", maxAgeSeconds: 0 }];
		const response = { kind, userId: claimed.user.id, returnPath, cookies };
		return { response, attempt, identity };
	}

	/** Ends the attempt. Only one of several simultaneous requests continues. */
	private async take(key: StorageKey, request: LoginRequest): Promise<void> {
		if ((await this.host.storage.take(key)) === undefined) {
			await this.late(request);
		}
	}

	/** Sends a user who is logged in already on to the portal, for example after the form was sent twice. */
	private async late({ currentUser }: LoginRequest): Promise<Step> {
		if (currentUser === undefined) {
			throw new LogInEnded("expired");
		}
		return { response: { kind: "redirect", location: "/" } };
	}
}

function outcomeFor(
	{ status }: User,
	isNew: boolean,
): "signed-in" | "signed-up" | "complete-profile" | "suspended" | "awaiting-approval" {
	switch (status) {
		case "active":
			return isNew ? "signed-up" : "signed-in";
		case "incomplete":
			return "complete-profile";
		default:
			return status;
	}
}

/** The storage has only the hash of the cookie, so that nobody can read it there and take over an attempt. */
function attemptKey(brandId: string, cookie: string): StorageKey {
	return ["attempt", createHash("sha256").update(`${brandId}\n${cookie}`).digest("base64url")];
}

/** A path of the portal, never an address of another host. */
function readReturnPath(value: string): string {
	return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,511}$/.test(value) ? value : "/";
}

function field({ form }: LoginRequest, name: string): string {
	return form.find(([each]) => each === name)?.[1] ?? "";
}
