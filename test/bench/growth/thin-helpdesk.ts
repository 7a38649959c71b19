import type { LoginRequest } from "../../../src/contract/login-request.ts";
import type { LoginResponse } from "../../../src/contract/login-response.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { AddOn } from "../../../src/helpdesk/add-ons/add-on.ts";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import { type HelpdeskCore, openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import { PORTAL_LIFETIMES, Sessions } from "../../../src/helpdesk/people/sessions.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";
import { decideAtX } from "../../kit/browser/decide-at-x.ts";
import { APP, measuredOptions, switchOnX } from "./measured-options.ts";
import { TimedStorage } from "./timed-storage.ts";

/** The times of one log-in, in milliseconds. */
export interface LoginTimes {
	/** The time for start, callback and session, with the calls to X. */
	readonly login: number;
	/** The time spent waiting for the storage, including the sign-in ledger and letters, which no visitor waits for. */
	readonly storage: number;
}

const BRAND = "acorn";

/** The standalone helpdesk without its pages, beside a fake X that answers at once. */
export class ThinHelpdesk {
	private constructor(
		private readonly core: HelpdeskCore,
		private readonly sessions: Sessions,
		private readonly storage: TimedStorage,
	) {}

	/** @param accounts the accounts at X that will log in. */
	static async open(
		storage: HostStorage,
		accounts: readonly FakeXAccount[],
	): Promise<ThinHelpdesk> {
		const timed = new TimedStorage(storage);
		const callbacks: string[] = [];
		const fakeX = await startFakeX({ apps: [{ ...APP, callbacks }], accounts });
		const options = await measuredOptions(timed, fakeX.url);
		const brands = brandsAt(options, [1, 2]);
		callbacks.push(...brands.map(({ callbackUrl }) => callbackUrl));
		const core = openHelpdesk(options, brands);
		const place = namespaced(timed, ["sessions", "portal", BRAND]);
		const sessions = new Sessions(place, systemClock, cryptoRandom, options.keys, PORTAL_LIFETIMES);
		const helpdesk = new ThinHelpdesk(core, sessions, timed);
		await switchOnX(core);
		return helpdesk;
	}

	/** Reads for each request, as the routes do. */
	private async addOn(): Promise<AddOn> {
		const addOn = await this.core.addOns.find("x-login");
		if (addOn === undefined) {
			throw new Error("the plugin cannot be used");
		}
		return addOn;
	}

	/** @throws Error when the log-in does not end as expected. */
	async logIn({ id }: FakeXAccount, end: "signed-in" | "signed-up"): Promise<LoginTimes> {
		this.storage.reset();
		const began = performance.now();
		const toX = await (await this.addOn()).plugin.answer(
			"startLogin",
			request({ method: "POST", form: [["return_path", "/"]] }),
		);
		const away = performance.now();
		if (toX?.kind !== "redirect") {
			throw new Error(`the start ends in ${JSON.stringify(toX)}`);
		}
		const callback = await decideAtX(toX.location, { decision: "approve", account: id });
		const back = performance.now();
		const response = await (await this.addOn()).plugin.answer(
			"handleCallback",
			request({ query: [...new URL(callback).searchParams], cookies: cookiesOf(toX) }),
		);
		if (response?.kind !== end) {
			throw new Error(`the callback ends in ${JSON.stringify(response)} and not in ${end}`);
		}
		const account = await this.core.accounts.find(response.userId);
		await this.sessions.open(this.sessions.newToken(), response.userId, account?.sessionEpoch);
		const login = performance.now() - back + (away - began);
		await response.afterwards?.();
		await (await this.addOn()).ledger.settled();
		return { login, storage: this.storage.waitedMs };
	}
}

function request(parts: Partial<LoginRequest>): LoginRequest {
	return {
		brandId: BRAND,
		method: "GET",
		query: [],
		form: [],
		cookies: {},
		locale: "en",
		clientAddress: "127.0.0.1",
		currentUser: undefined,
		...parts,
	};
}

function cookiesOf({ cookies = [] }: LoginResponse): Readonly<Record<string, string>> {
	return Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
}
