import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FIRST_ACCOUNT } from "./account.mjs";
import { Child } from "./child.mjs";
import { setUpHelpdesk } from "./set-up-helpdesk.mjs";

const CONTROL = new URL("control.mjs", import.meta.url).href;

/** The command line of a helpdesk on free ports that asks this X. */
export function helpdeskFlags(data, x) {
	return [
		...["start", "--json", "--port", "0", "--start-limit", "0"],
		...["--data", data, "--x-base-url", x],
	];
}

/** A measured server and its visitors. */
export class Server {
	constructor(stage, child, contestant, x) {
		this.stage = stage;
		this.child = child;
		this.contestant = contestant;
		this.x = x;
		this.origin = child.ready.url ?? child.ready.portals.acorn;
	}

	/** Logs in new people, or those in `accounts`. @returns the driver's figures. */
	async logIns({ accounts = this.stage.newAccounts(), concurrency = 1, ...task }) {
		const { way } = this.contestant;
		const asked = { origin: this.origin, way, accounts, concurrency, ...task };
		const seen = await this.stage.driver.ask("logIns", asked);
		return { ...seen, accounts: { first: accounts.first, count: accounts.count ?? seen.count } };
	}

	starts(task) {
		const { way } = this.contestant;
		return this.stage.driver.ask("starts", { origin: this.origin, way, ...task });
	}

	counts() {
		return this.x.counts();
	}

	ask(question, values) {
		return this.child.ask(question, values);
	}

	async stop() {
		await this.child.stop();
		this.stage.running.delete(this.child);
	}
}

/** The processes that are not measured: the fake X and the driver. */
export class Stage {
	running = new Set();
	#accounts = FIRST_ACCOUNT;
	#folders = [];
	#helpdeskData;

	static async open() {
		const stage = new Stage();
		const helper = (name) => Child.start(new URL(name, import.meta.url), { printsReady: false });
		stage.fakeX = await helper("fake-x.mjs");
		stage.driver = await helper("driver.mjs");
		stage.running.add(stage.fakeX).add(stage.driver);
		return stage;
	}

	/** Another X in the same process, with separate counts. */
	async openX(options) {
		const { id, http, https } = await this.fakeX.ask("open", options);
		return {
			http,
			https,
			counts: () => this.fakeX.ask("counts", { id }),
			delay: (delayMs) => this.fakeX.ask("delay", { id, delayMs }),
		};
	}

	/** Each range of ids has room for all people of a run. */
	newAccounts() {
		this.#accounts += 1_000_000;
		return { first: this.#accounts };
	}

	/**
	 * @param options.scheme the scheme of X's address: http or https.
	 * @param options.flags flags for Node.
	 */
	async start(contestant, x, { scheme = "http", flags = [], env = {} } = {}) {
		const isHelpdesk = contestant.name === "helpdesk";
		const child = await Child.start(contestant.program, {
			args: isHelpdesk ? await this.#helpdeskFlags(x[scheme]) : contestant.args,
			env: { X_URL: x[scheme], ...env },
			flags: ["--import", CONTROL, ...flags],
		});
		this.running.add(child);
		return new Server(this, child, contestant, x);
	}

	async close() {
		await Promise.all([...this.running].map((child) => child.stop()));
		await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true })));
	}

	async folder() {
		const folder = await mkdtemp(join(tmpdir(), "x-login-bench-"));
		this.#folders.push(folder);
		return folder;
	}

	/** The helpdesk keeps its data over the rounds. It is set up before the first one. */
	async #helpdeskFlags(x) {
		if (this.#helpdeskData === undefined) {
			this.#helpdeskData = await this.folder();
			const program = new URL("../../../dist/cli.mjs", import.meta.url);
			const child = await Child.start(program, {
				args: helpdeskFlags(this.#helpdeskData, x),
				flags: ["--import", CONTROL],
			});
			await setUpHelpdesk(child.ready);
			await child.stop();
		}
		return helpdeskFlags(this.#helpdeskData, x);
	}
}
