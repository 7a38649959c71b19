import { CallCounts, type FakeXStats } from "./call-counts.ts";
import { type FakeXOptions, HANDLE } from "./fake-x-options.ts";
import { close, listen, serve } from "./fake-x-server.ts";
import { routesOf } from "./routes.ts";
import { type FakeXScenario, Scenarios } from "./scenarios.ts";

/** A running fake X. */
export interface FakeX {
	/** The base URL of every call and page, without a slash at the end. */
	readonly url: string;
	stats(): FakeXStats;
	resetStats(): void;
	/**
	 * Answers the next calls as the scenario says, whether or not their signatures, client secrets and tokens are valid. An
	 * incident lasts until {@link clearScenarios}.
	 */
	answerNext(scenario: FakeXScenario): void;
	/** Gives an account another handle, as people do at X. */
	renameAccount(id: string, screenName: string): void;
	/** Ends all scenarios. */
	clearScenarios(): void;
	close(): Promise<void>;
}

/** Starts X's sign-in, by OAuth 1.0a and 2.0, on the loopback interface. */
export async function startFakeX(options: FakeXOptions): Promise<FakeX> {
	requireNumericIds(options);
	const clock = options.clock ?? { now: () => Date.now() };
	const counts = new CallCounts();
	const scenarios = new Scenarios();
	const accounts = options.accounts.map((account) => ({ ...account }));
	const rename = (id: string, screenName: string): boolean => {
		const account = accounts.find((each) => each.id === id);
		if (account === undefined || !HANDLE.test(screenName)) {
			return false;
		}
		account.screenName = screenName;
		return true;
	};
	const routes = routesOf({ ...options, accounts }, { clock, counts, scenarios, rename });
	const server = serve(routes, { clock, publicUrl: options.publicUrl, tls: options.tls });
	server.on("connection", (socket) => counts.countConnection(socket));
	const port = await listen(server, options.port ?? 0);
	return {
		url: `${options.tls ? "https" : "http"}://localhost:${port}`,
		stats: () => counts.read(),
		resetStats: () => counts.reset(),
		answerNext: (scenario) => scenarios.add(scenario),
		renameAccount: (id, screenName) => {
			if (!rename(id, screenName)) {
				throw new TypeError(`there is no account ${id}, or "${screenName}" is not a handle`);
			}
		},
		clearScenarios: () => scenarios.clear(),
		close: () => close(server),
	};
}

function requireNumericIds({ accounts }: FakeXOptions): void {
	const wrong = accounts.find(({ id }) => !/^[1-9]\d{0,19}$/.test(id));
	if (wrong !== undefined) {
		throw new TypeError(`the id of an account at X is a decimal number, not "${wrong.id}"`);
	}
}
