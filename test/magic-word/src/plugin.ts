import {
	type HelpdeskHost,
	isStorageError,
	type Locales,
	type LoginEnded,
	type LoginRequest,
	type LoginResponse,
	type Plugin,
	secret,
} from "x-login/contract";
import { ENDS, LogIn, LogInEnded, type Step } from "./log-in.ts";
import { Nicknames } from "./nicknames.ts";
import { endPage, loginButton } from "./pages.ts";
import { type Text, textsIn } from "./texts.ts";

/** Log in with a nickname and the brand's magic word: the hooks that `plugin.json` lists. */
export function createPlugin(host: HelpdeskHost, locales: Locales): Partial<Plugin> {
	const nicknames = new Nicknames(host);
	const logIn = new LogIn(host, nicknames);

	/** The one place where an end becomes a page, and an event for the helpdesk's ledger. */
	async function answer(
		request: LoginRequest,
		step: (text: Text) => Promise<Step>,
	): Promise<LoginResponse> {
		const text = textsIn(locales, request.locale);
		const traceCode = Buffer.from(host.random.bytes(5)).toString("hex").toUpperCase();
		const emit = (
			outcome: LoginEnded["fields"]["outcome"],
			code: string,
			{ attempt, identity }: Pick<Step, "attempt" | "identity">,
			userId?: string,
		): void => {
			const durationMs = attempt === undefined ? null : host.clock.now() - attempt.startedAt;
			const wanted = attempt === undefined ? null : "log-in";
			const noCalls = { awayMs: null, calls: 0, waitedMs: 0, problem: null };
			const event: LoginEnded = {
				name: "login.ended",
				level: "info",
				message: "a log-in with a magic word ended",
				brandId: request.brandId,
				...(identity !== undefined && { subject: secret(identity) }),
				...(userId !== undefined && { userId }),
				fields: { outcome, code, traceCode, wanted, durationMs, ...noCalls },
			};
			host.events.emit(event);
		};
		try {
			const done = await step(text);
			if ("userId" in done.response) {
				emit("came-in", done.response.kind, done, done.response.userId);
			}
			return done.response;
		} catch (error) {
			const end =
				error instanceof LogInEnded
					? error
					: isStorageError(error)
						? new LogInEnded("helpdesk-unavailable")
						: undefined;
			if (end === undefined) {
				throw error;
			}
			const { code, attempt } = end;
			const kind = code === "cancelled" ? "cancelled" : "refused";
			emit(kind, code, end);
			const brand = await host.brands.find(request.brandId).catch(() => undefined);
			const retryTo = code === "not-available" ? undefined : (attempt?.returnPath ?? "/");
			const ended = { code, status: ENDS[code], traceCode };
			return { kind, code, traceCode, page: endPage(text, ended, { brand, retryTo }) };
		}
	}

	return {
		onActivate: async () => {
			const brandIds: string[] = [];
			for (const { id } of await host.brands.list()) {
				if (!(await host.secrets.has(id, "magicWord"))) {
					brandIds.push(id);
				}
			}
			return brandIds.length === 0 ? { state: "ready" } : { state: "needs-setup", brandIds };
		},
		explain: async ({ code }, locale) => {
			const text = textsIn(locales, locale);
			const title = text(`end.${code}.title`);
			const known = title !== `end.${code}.title`;
			return known ? { title, text: text(`end.${code}.text`) } : undefined;
		},
		renderLoginButtons: async ({ brandId, page, locale, returnPath }) => {
			const brand = (await logIn.openAt(brandId))?.brand;
			// Whoever has an account is known by their nickname there: there is nothing to connect.
			const isOfUse = page === "login" || (page === "register" && brand?.registrationOpen);
			if (brand === undefined || !isOfUse) {
				return [];
			}
			const intent = page === "login" ? "log-in" : "sign-up";
			const label = textsIn(locales, locale)(`button.${intent}`);
			return [loginButton(label, intent, brand, returnPath)];
		},
		startLogin: (request) => answer(request, () => logIn.start(request)),
		continueLogin: (request) => answer(request, (text) => logIn.continue(request, text)),
		listLinkedAccounts: (userId) => nicknames.of(userId),
		unlinkAccount: async (userId, identityId) => {
			const linked = await nicknames.of(userId);
			if (!linked.some((each) => each.identityId === identityId)) {
				return { kind: "not-linked" };
			}
			const user = await host.users.find(userId);
			if (user !== undefined && !user.hasOtherWayIn && linked.length === 1) {
				return { kind: "last-way-in" };
			}
			await nicknames.release(userId, undefined, identityId);
			return { kind: "unlinked" };
		},
		onUserClaimed: (userId) => nicknames.release(userId),
		onUsersMerged: (userId, intoUserId) => nicknames.release(userId, intoUserId),
		onUserDeleted: (userId) => nicknames.release(userId),
		exportUserData: async (userId) => {
			const linked = await nicknames.of(userId);
			return {
				nicknames: linked.map(({ label, linkedAt }) => ({
					nickname: label,
					since: new Date(linkedAt).toISOString(),
				})),
			};
		},
		describeImpact: async (action) => {
			const brandIds =
				action.kind === "switch-off"
					? [action.brandId]
					: (await host.brands.list()).map(({ id }) => id);
			const brands = [];
			for (const brandId of brandIds) {
				const users = [...(await nicknames.usersAt(brandId)).values()];
				const stranded = users.filter(({ hasOtherWayIn }) => !hasOtherWayIn);
				const strandedUserIds = stranded.map(({ id }) => id);
				if (users.length > 0) {
					brands.push({ brandId, people: users.length, strandedUserIds });
				}
			}
			return { brands };
		},
		purgeLinks: (brandId) => nicknames.forgetAt(brandId),
	};
}
