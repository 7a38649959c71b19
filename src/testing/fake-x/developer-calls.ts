import { type Answer, jsonAnswer } from "./answer.ts";
import { type ConsentScreens, signedInAs } from "./consent-screens.ts";
import { developerPage, incidentIn, scenarioIn } from "./developer-page.ts";
import type { FakeXAccount, FakeXOptions } from "./fake-x-options.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { parseScenario, type Scenarios } from "./scenarios.ts";

/** The developer's page and calls. They choose who is logged in to X, and make calls go wrong. */
export class DeveloperCalls {
	constructor(
		private readonly options: FakeXOptions,
		private readonly screens: ConsentScreens,
		private readonly parts: {
			readonly scenarios: Scenarios;
			readonly rename: (id: string, screenName: string) => boolean;
		},
	) {}

	/** GET /_fake */
	show(request: ReceivedRequest, message = ""): Answer {
		const { accounts, apps } = this.options;
		return developerPage({
			accounts,
			signedIn: this.screens.signedInAccount(request)?.id,
			apps,
			scenarios: this.parts.scenarios.list(),
			message,
		});
	}

	/** POST /_fake */
	change(request: ReceivedRequest): Answer {
		const form = new Map(request.form);
		const account = this.options.accounts.find(({ id }) => id === form.get("account"));
		const action = form.get("do");
		if (action === "account" && account !== undefined) {
			return this.signIn(request, account);
		}
		if (action === "rename") {
			return this.rename(request, form);
		}
		if (action === "clear") {
			this.parts.scenarios.clear();
			return this.show(request, "Everything goes right.");
		}
		const scenario = action === "incident" ? incidentIn(form) : scenarioIn(form);
		if (typeof scenario === "string") {
			return { ...this.show(request, scenario), status: 400 };
		}
		this.parts.scenarios.add(scenario);
		return this.show(request, "It will go wrong.");
	}

	/** POST /_fake/scenario */
	addScenario(request: ReceivedRequest): Answer {
		const scenario = parseScenario(request.body);
		if (typeof scenario === "string") {
			return jsonAnswer(400, { error: scenario });
		}
		this.parts.scenarios.add(scenario);
		return jsonAnswer(200, { accepted: true });
	}

	/** DELETE /_fake/scenario */
	clearScenarios(): Answer {
		this.parts.scenarios.clear();
		return jsonAnswer(200, { accepted: true });
	}

	private signIn(request: ReceivedRequest, account: FakeXAccount): Answer {
		// A private window has no cookie, and developers test with private windows.
		this.screens.freshAccount = account;
		const cookie = `fake_x_account=${account.id}`;
		const page = this.show({ ...request, cookie }, `@${account.screenName} is logged in.`);
		return { ...page, headers: { ...page.headers, ...signedInAs(account) } };
	}

	private rename(request: ReceivedRequest, form: ReadonlyMap<string, string>): Answer {
		const done = this.parts.rename(form.get("account") ?? "", form.get("handle") ?? "");
		const message = done ? "The account is renamed." : "A handle has 1 to 20 letters, digits or _.";
		return { ...this.show(request, message), status: done ? 200 : 400 };
	}
}
