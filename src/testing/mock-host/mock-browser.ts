import type { Brand } from "../../contract/brands.ts";
import type { Clock } from "../../contract/clock.ts";
import type { LoginPage } from "../../contract/login-button.ts";
import type { CurrentUser, FormField, LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Plugin } from "../../contract/plugin.ts";
import {
	formsIn,
	type HtmlForm,
	hiddenFields,
	type Submission,
	submissionOf,
} from "../forms-in.ts";
import type { MockUsers } from "./mock-users.ts";

interface MockPlaces {
	readonly plugin: Plugin;
	readonly clock: Clock;
	readonly users: MockUsers;
	readonly brands: readonly Brand[];
	/** Whether the host keeps version 1.0 of the contract, whose requests have nothing of what 1.1 added. */
	readonly isOlder: boolean;
}

/** Who logged in in a browser. */
interface MockSession {
	readonly user: CurrentUser;
	/** The session ends when the user has another one. */
	readonly accessEpoch: string | undefined;
}

/** A visitor of the mock host. It keeps the plugin's cookies as a browser does, and the current user as a host does. */
export class MockBrowser {
	readonly cookies = new Map<string, string>();
	/** The plugin's last answer. */
	seen: LoginResponse | undefined;
	/** An IPv4 address. */
	clientAddress = "127.0.0.1";
	private session: MockSession | undefined;

	constructor(
		private readonly places: MockPlaces,
		private readonly brandId: string,
		private readonly locale: string,
	) {}

	/** The user who is logged in. The plugin's outcomes change it, and a test can set it. */
	get currentUser(): CurrentUser | undefined {
		const { user, accessEpoch } = this.session ?? {};
		return user && this.accessEpochOf(user.id) === accessEpoch ? user : undefined;
	}

	set currentUser(user: CurrentUser | undefined) {
		this.session = user && { user, accessEpoch: this.accessEpochOf(user.id) };
	}

	get currentUserId(): string | undefined {
		return this.currentUser?.id;
	}

	/** Presses the plugin's button on a page, the log-in page by default, and sends the extra fields too. */
	async pressButton(
		returnPath = "/",
		page: LoginPage["page"] = "login",
		extra: Readonly<Record<string, string>> = {},
	): Promise<LoginResponse> {
		const { brandId, locale, currentUser } = this;
		const [button] = await this.places.plugin.renderLoginButtons({
			page,
			brandId,
			locale,
			returnPath,
			...(currentUser && { userId: currentUser.id }),
		});
		if (button === undefined) {
			throw new Error("the plugin shows no button; set it up and switch it on for the brand first");
		}
		return this.postStart(Object.entries({ ...button.fields, ...extra }));
	}

	/** Posts these fields to the start route, and opens the form that it leads to. */
	async postStart(form: readonly FormField[]): Promise<LoginResponse> {
		const request = this.request({ method: "POST", form });
		return this.follow(await this.places.plugin.startLogin(request));
	}

	/** Starts a test log-in, as an operator does whom the host has checked. Needs a host of contract 1.3. */
	async tryLogin(): Promise<LoginResponse> {
		const request = this.request({ method: "POST", intent: "try" });
		return this.keep(await this.places.plugin.startLogin(request));
	}

	/** Opens an address that leads to the callback route, and the form that it leads to. */
	async openCallback(url: string): Promise<LoginResponse> {
		const query = [...new URL(url).searchParams];
		return this.follow(await this.places.plugin.handleCallback(this.request({ query })));
	}

	/** Opens the address of a form. */
	async openForm(location: string): Promise<LoginResponse> {
		const query = [...new URL(location, "http://portal.example").searchParams];
		return this.keep(await this.places.plugin.continueLogin(this.request({ query })));
	}

	/** Sends the form of the last page whose hidden field `action` has this value. */
	async submit(
		action: string,
		fields: Readonly<Record<string, string>> = {},
	): Promise<LoginResponse> {
		return this.submitForm(fields, { action });
	}

	/**
	 * Sends the first form of the last page that has these hidden fields, as a browser does.
	 *
	 * @param fields values by name, in the place of those in the form. Names that the form does not have are sent as
	 * well.
	 */
	async submitForm(
		fields: Readonly<Record<string, string>> = {},
		among: Readonly<Record<string, string>> = {},
	): Promise<LoginResponse> {
		const markup = this.seen && "page" in this.seen ? this.seen.page.html : "";
		const form = formsIn(markup).find((each) => hasHidden(each, among));
		if (form === undefined) {
			const wanted = JSON.stringify(among);
			throw new Error(`the last page has no form with ${wanted}: ${JSON.stringify(this.seen)}`);
		}
		const { action, fields: sent } = filled(form, fields);
		const { startPath, continuePath } = this.brand();
		switch (action) {
			case startPath:
				return this.postStart(sent);
			case continuePath:
				return this.postForm(sent);
			default:
				throw new Error(`the form leads to ${action}, which is not a route of the plugin`);
		}
	}

	/** Posts these fields to the continue route, and opens the form that it leads to. */
	async postForm(form: readonly FormField[]): Promise<LoginResponse> {
		const request = this.request({ method: "POST", form });
		return this.follow(await this.places.plugin.continueLogin(request));
	}

	/** Logs in at the mock host with a password, or enters the password again. */
	logIn(email: string, password: string): void {
		const { users, clock } = this.places;
		const user = users.all().find((each) => each.email === email && each.brandId === this.brandId);
		if (user?.password === undefined || user.password !== password) {
			throw new Error(`incorrect e-mail address or password: ${email}`);
		}
		this.currentUser = { id: user.id, provenAt: clock.now() };
	}

	/** Logs out. As in a real host, the plugin's cookies are gone then. */
	signOut(): void {
		this.currentUser = undefined;
		this.cookies.clear();
	}

	private request(parts: Partial<LoginRequest>): LoginRequest {
		return {
			brandId: this.brandId,
			method: "GET",
			query: [],
			form: [],
			cookies: Object.fromEntries(this.cookies),
			locale: this.locale,
			clientAddress: this.clientAddress,
			...(!this.places.isOlder && { clientNetwork: this.clientAddress }),
			currentUser: this.currentUser,
			...parts,
		};
	}

	private async follow(response: LoginResponse): Promise<LoginResponse> {
		const kept = await this.keep(response);
		const [path] = kept.kind === "redirect" ? kept.location.split("?") : [];
		const isForm = this.places.brands.some(({ continuePath }) => continuePath === path);
		return kept.kind === "redirect" && isForm ? this.openForm(kept.location) : kept;
	}

	private brand(): Brand {
		const brand = this.places.brands.find(({ id }) => id === this.brandId);
		if (brand === undefined) {
			throw new Error(`the mock host has no brand ${this.brandId}`);
		}
		return brand;
	}

	private async keep(response: LoginResponse): Promise<LoginResponse> {
		for (const { name, value, maxAgeSeconds } of response.cookies ?? []) {
			if (maxAgeSeconds > 0) {
				this.cookies.set(name, value);
			} else {
				this.cookies.delete(name);
			}
		}
		const { kind } = response;
		if (kind === "signed-in" || kind === "signed-up" || kind === "linked") {
			this.open(response);
		}
		this.seen = response;
		await response.afterwards?.();
		return response;
	}

	/** Opens a session, unless all sessions of the user were ended since the plugin decided. */
	private open({
		userId,
		accessEpoch,
	}: Extract<LoginResponse, { readonly kind: "signed-in" | "signed-up" | "linked" }>): void {
		if (accessEpoch !== undefined && accessEpoch !== this.accessEpochOf(userId)) {
			return;
		}
		const proven = this.currentUser?.id === userId;
		const provenAt = proven ? (this.currentUser?.provenAt ?? 0) : this.places.clock.now();
		this.currentUser = { id: userId, provenAt };
	}

	private accessEpochOf(userId: string): string | undefined {
		return this.places.users.all().find(({ id }) => id === userId)?.accessEpoch;
	}
}

function hasHidden(form: HtmlForm, among: Readonly<Record<string, string>>): boolean {
	const hidden = new Map(hiddenFields(form));
	return Object.entries(among).every(([name, value]) => hidden.get(name) === value);
}

/** The fields that a browser sends, then those that the form does not have, because a test may forge fields. */
function filled(form: HtmlForm, given: Readonly<Record<string, string>>): Submission {
	const { action, fields } = submissionOf(form, given);
	const names = new Set(form.controls.map(({ name }) => name));
	const forged = Object.entries(given).filter(([name]) => !names.has(name));
	return { action, fields: [...fields, ...forged] };
}
