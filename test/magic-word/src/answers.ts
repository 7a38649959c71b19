import {
	type HelpdeskHost,
	isStorageError,
	type Locales,
	type LoginEnded,
	type LoginRequest,
	type LoginResponse,
	secret,
} from "x-login/contract";
import { ENDS, LogInEnded, type Step } from "./log-in.ts";
import { endPage } from "./pages.ts";
import { type Text, textsIn } from "./texts.ts";

/** The one place where the end of a log-in becomes a page, and an event for the helpdesk's ledger. */
export class Answers {
	constructor(
		private readonly host: HelpdeskHost,
		private readonly locales: Locales,
	) {}

	async answer(request: LoginRequest, step: (text: Text) => Promise<Step>): Promise<LoginResponse> {
		const text = textsIn(this.locales, request.locale);
		const traceCode = Buffer.from(this.host.random.bytes(5)).toString("hex").toUpperCase();
		try {
			const done = await step(text);
			if ("userId" in done.response) {
				const { kind, userId } = done.response;
				this.report(request, { outcome: "came-in", code: kind, traceCode }, done, userId);
			}
			return done.response;
		} catch (error) {
			const end = endFor(error);
			const { code, attempt } = end;
			const kind = code === "cancelled" ? "cancelled" : "refused";
			this.report(request, { outcome: kind, code, traceCode }, end);
			const brand = await this.host.brands.find(request.brandId).catch(() => undefined);
			const retryTo = code === "not-available" ? undefined : (attempt?.returnPath ?? "/");
			const ended = { code, status: ENDS[code], traceCode };
			return { kind, code, traceCode, page: endPage(text, ended, { brand, retryTo }) };
		}
	}

	private report(
		{ brandId }: LoginRequest,
		end: Pick<LoginEnded["fields"], "outcome" | "code" | "traceCode">,
		{ attempt, identity }: Pick<Step, "attempt" | "identity">,
		userId?: string,
	): void {
		const durationMs = attempt === undefined ? null : this.host.clock.now() - attempt.startedAt;
		const wanted = attempt === undefined ? null : "log-in";
		const noCalls = { awayMs: null, calls: 0, waitedMs: 0, problem: null };
		const event: LoginEnded = {
			name: "login.ended",
			level: "info",
			message: "a log-in with a magic word ended",
			brandId,
			...(identity !== undefined && { subject: secret(identity) }),
			...(userId !== undefined && { userId }),
			fields: { ...end, wanted, durationMs, ...noCalls },
		};
		this.host.events.emit(event);
	}
}

/** @throws the error itself if no page explains it. */
function endFor(error: unknown): LogInEnded {
	if (error instanceof LogInEnded) {
		return error;
	}
	if (isStorageError(error)) {
		return new LogInEnded("helpdesk-unavailable");
	}
	throw error;
}
