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
}

/** A visitor of the mock host: keeps the plugin's cookies, and who is signed in, as browser and host would. */
export class MockBrowser {
	readonly cookies = new Map<string, string>();
	/** Changes when the plugin signs somebody in; may be set to act as someone. */
	currentUser: CurrentUser | undefined;
	/** What the plugin answered last. */
	seen: LoginResponse | undefined;

	constructor(
		private readonly places: MockPlaces,
		private readonly brandId: string,
		private readonly locale: string,
	) {}

	get currentUserId(): string | undefined {
		return this.currentUser?.id;
	}

	/** Presses the plugin's button, on the log-in page unless told otherwise. */
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
			throw new Error("the plugin shows no button; switch it on and set it up for the brand first");
		}
		return this.postStart(Object.entries({ ...button.fields, ...extra }));
	}

	/** Posts to the start route whatever is given, and opens the form that it leads to. */
	async postStart(form: readonly FormField[]): Promise<LoginResponse> {
		const request = this.request({ method: "POST", form });
		return this.follow(await this.places.plugin.startLogin(request));
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

	/** Sends the form on the page seen last that has a hidden field `action` with this value. */
	async submit(
		action: string,
		fields: Readonly<Record<string, string>> = {},
	): Promise<LoginResponse> {
		return this.submitForm(fields, { action });
	}

	/** Sends the first form on the page seen last, or the first with these among its hidden fields, which are sent too. */
	async submitForm(
		fields: Readonly<Record<string, string>> = {},
		among: Readonly<Record<string, string>> = {},
	): Promise<LoginResponse> {
		const markup = this.seen && "page" in this.seen ? this.seen.page.html : "";
		const form = formsIn(markup).find((each) => hasHidden(each, among));
		if (form === undefined) {
			const wanted = JSON.stringify(among);
			throw new Error(`no form with ${wanted} was seen: ${JSON.stringify(this.seen)}`);
		}
		const { action, fields: sent } = filled(form, fields);
		const { startPath, continuePath } = this.brand();
		switch (action) {
			case startPath:
				return this.postStart(sent);
			case continuePath:
				return this.postForm(sent);
			default:
				throw new Error(`the form leads to ${action}, which is no route of the plugin`);
		}
	}

	/** Posts to the continue route whatever is given. */
	async postForm(form: readonly FormField[]): Promise<LoginResponse> {
		const request = this.request({ method: "POST", form });
		return this.follow(await this.places.plugin.continueLogin(request));
	}

	/** Logs in at the mock host itself, or proves it anew. */
	logIn(email: string, password: string): void {
		const { users, clock } = this.places;
		const user = users.all().find((each) => each.email === email && each.brandId === this.brandId);
		if (user?.password === undefined || user.password !== password) {
			throw new Error(`${email} and this password do not belong together`);
		}
		this.currentUser = { id: user.id, provenAt: clock.now() };
	}

	signOut(): void {
		this.currentUser = undefined;
	}

	private request(parts: Partial<LoginRequest>): LoginRequest {
		return {
			brandId: this.brandId,
			method: "GET",
			query: [],
			form: [],
			cookies: Object.fromEntries(this.cookies),
			locale: this.locale,
			clientAddress: "127.0.0.1",
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
			const proven = this.currentUser?.id === response.userId;
			const provenAt = proven ? (this.currentUser?.provenAt ?? 0) : this.places.clock.now();
			this.currentUser = { id: response.userId, provenAt };
		}
		this.seen = response;
		await response.afterwards?.();
		return response;
	}
}

function hasHidden(form: HtmlForm, among: Readonly<Record<string, string>>): boolean {
	const hidden = new Map(hiddenFields(form));
	return Object.entries(among).every(([name, value]) => hidden.get(name) === value);
}

/** What a browser sends, and last the fields that the form does not have: a test can forge them. */
function filled(form: HtmlForm, given: Readonly<Record<string, string>>): Submission {
	const { action, fields } = submissionOf(form, given);
	const names = new Set(form.controls.map(({ name }) => name));
	const forged = Object.entries(given).filter(([name]) => !names.has(name));
	return { action, fields: [...fields, ...forged] };
}
