import type { HttpAnswer, HttpFailure } from "../../src/contract/http.ts";
import type { CurrentUser, FormField, LoginRequest } from "../../src/contract/login-request.ts";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import type { Plugin } from "../../src/contract/plugin.ts";
import { secret } from "../../src/contract/secret.ts";
import type { SettingValue } from "../../src/contract/settings.ts";
import { cryptoRandom } from "../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { MockMail } from "../../src/testing/mock-host/mock-mail.ts";
import { MockUsers } from "../../src/testing/mock-host/mock-users.ts";
import { builtPlugin } from "../kit/artifact/built-plugin.ts";

export type Answers = readonly (HttpAnswer | HttpFailure)[];

export const CANARY = "canary-secret-of-the-app";

const plugin = await builtPlugin();

/** The built plugin in a host with any settings and any answers of X. */
export class FuzzedHost {
	readonly said: string[] = [];
	readonly plugin: Plugin;
	readonly users = new MockUsers();
	private answers: (HttpAnswer | HttpFailure)[] = [];
	/** The way back that X would give. */
	private callback: readonly FormField[] = [];

	constructor(values: Readonly<Record<string, SettingValue>> = SETTINGS) {
		const clock = new MockClock();
		const brand = mockBrand("brand");
		this.plugin = plugin.createPlugin({
			storage: new MemoryStorage(clock),
			secrets: { get: async () => secret(CANARY), has: async () => true },
			settings: { read: async () => ({ enabled: true, values, sources: {}, version: "1" }) },
			brands: {
				find: async (id) => (id === "brand" ? brand : undefined),
				list: async () => [brand],
			},
			users: this.users,
			mail: new MockMail(),
			http: {
				originOf: (name) => `https://${name}`,
				send: async () =>
					this.answers.shift() ?? { kind: "failure", reason: "reset", detail: "no more" },
			},
			events: { emit: (event) => this.said.push(JSON.stringify(event)) },
			clock,
			random: cryptoRandom,
		}) as Plugin;
	}

	/** The next answer of X. */
	xSays(answers: Answers): void {
		this.answers = [...answers];
	}

	async ask(
		hook: "startLogin" | "handleCallback" | "continueLogin",
		parts: Partial<LoginRequest> = {},
	): Promise<LoginResponse> {
		const request: LoginRequest = {
			brandId: "brand",
			method: hook === "startLogin" ? "POST" : "GET",
			query: [],
			form: [],
			cookies: {},
			locale: "en",
			clientAddress: "",
			currentUser: undefined,
			...parts,
		};
		const response = await this.plugin[hook](request);
		this.said.push(JSON.stringify(response));
		return response;
	}

	/** Starts a log-in that X accepts. @returns the browser's cookies. */
	async start(): Promise<Record<string, string>> {
		this.xSays([ok("oauth_token=T&oauth_token_secret=S&oauth_callback_confirmed=true")]);
		const started = await this.ask("startLogin");
		const { cookies = [] } = started;
		const location = started.kind === "redirect" ? started.location : "";
		const state = new URL(location).searchParams.get("state");
		this.callback =
			state === null
				? [
						["oauth_token", "T"],
						["oauth_verifier", "V"],
					]
				: [
						["state", state],
						["code", "C"],
					];
		return Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
	}

	/** Comes back from X with the right token or state. */
	comeBack(cookies: Record<string, string>, currentUser?: CurrentUser): Promise<LoginResponse> {
		return this.ask("handleCallback", { query: this.callback, cookies, currentUser });
	}
}

export const SETTINGS = {
	protocol: "oauth1",
	apiKey: "api-key",
	mode: "login-and-signup",
	linking: "prove",
	allowedDomains: "",
	blockedDomains: "",
};

export const OAUTH2_SETTINGS = { ...SETTINGS, protocol: "oauth2", clientId: "client-id" };

export function ok(body: string): HttpAnswer {
	return { kind: "answer", status: 200, headers: {}, body };
}
