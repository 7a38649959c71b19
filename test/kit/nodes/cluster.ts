import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { type FakeX, startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";
import { HttpVisitor, type Seen } from "../helpdesk/http-visitor.ts";
import {
	freePorts,
	newDataFolder,
	type RunningHelpdesk,
	startHelpdeskProcess,
} from "../helpdesk/start-helpdesk.ts";
import { startTripwire, type Tripwire } from "./tripwire.ts";

const KEYS = { apiKey: "cluster-key", apiKeySecret: "cluster-secret" };
const INTEGRATION = "/admin/settings/general/integrations";
const SOCIAL_LOGIN = "/admin/settings/users/social-login/x-login";
export const START = "/login/x-login/start";

/** One process of the helpdesk. Tests kill it and start it again. */
export class Node {
	private running: RunningHelpdesk | undefined;

	constructor(
		readonly url: string,
		readonly toStorage: Tripwire,
		readonly toX: Tripwire,
		private readonly launch: () => Promise<RunningHelpdesk>,
	) {}

	async start(): Promise<void> {
		this.running = await this.launch();
	}

	/** The process id while it runs. */
	get pid(): number | undefined {
		const process = this.running?.process;
		return process?.exitCode === null ? process.pid : undefined;
	}

	/** Its log since the last start. */
	get log(): string {
		return this.running?.printed() ?? "";
	}

	/** What it has printed for programs since the last start. */
	get stdout(): string {
		return this.running?.printedToStdout() ?? "";
	}

	/** Ends it with SIGTERM. @returns the exit code. */
	async stop(): Promise<unknown> {
		const { process } = this.running ?? {};
		if (process === undefined) {
			throw new Error("it was never started");
		}
		process.kill("SIGTERM");
		const [code] = await once(process, "exit");
		return code;
	}

	/** Ends it with SIGKILL. */
	async kill(): Promise<void> {
		const process = this.running?.process;
		if (process?.exitCode === null && process.signalCode === null) {
			const ended = once(process, "exit");
			process.kill("SIGKILL");
			await ended;
		}
	}
}

export interface Cluster {
	readonly nodes: readonly [Node, Node];
	readonly fakeX: FakeX;
	readonly operator: HttpVisitor;
}

/** People who are new to the helpdesk, each with an account at X. */
export function people(count: number): FakeXAccount[] {
	return Array.from({ length: count }, (_, index) => ({
		id: String(5000 + index),
		screenName: `person${index}`,
		name: `Person ${index}`,
		email: `person${index}@example.com`,
	}));
}

/**
 * Two nodes of one helpdesk on one storage, with X set up and switched on. Tripwires lead to the storage and to X.
 *
 * @param given more flags for both nodes.
 */
export async function openCluster(
	storageUrl: string,
	accounts: readonly FakeXAccount[],
	given: readonly string[] = [],
): Promise<Cluster> {
	const data = await newDataFolder();
	const callbacks: string[] = [];
	const fakeX = await startFakeX({ apps: [{ ...KEYS, callbacks }], accounts });
	onTestFinished(() => fakeX.close());
	const ports = [await freePorts(), await freePorts()];
	const portal = `http://127.0.0.1:${ports[0]}`;
	callbacks.push(`${portal}/login/x-login/callback`);
	let password = "";
	const newNode = async (port: number): Promise<Node> => {
		const isFile = storageUrl.startsWith("sqlite:");
		const toStorage = await startTripwire(isFile ? "http://127.0.0.1:1" : storageUrl);
		const toX = await startTripwire(fakeX.url);
		const folder = await newDataFolder();
		const storage = isFile ? storageUrl : toStorage.url;
		const flags = ["--port", port, "--storage", storage, "--key-file", join(data, "key")];
		const more = ["--base-url", `acorn=${portal}`, "--x-base-url", toX.url, "--start-limit", 0];
		return new Node(`http://127.0.0.1:${port}`, toStorage, toX, async () => {
			const started = await startHelpdeskProcess(folder, [...flags, ...more, ...given].map(String));
			password = started.ready.operator.password ?? password;
			return started;
		});
	};
	const nodes = [await newNode(ports[0] ?? 0), await newNode(ports[1] ?? 0)] as const;
	await nodes[0].start();
	await nodes[1].start();
	const operator = await setUp(portal, password);
	return { nodes, fakeX, operator };
}

async function setUp(portal: string, password: string): Promise<HttpVisitor> {
	const operator = new HttpVisitor();
	await operator.open(`${portal}/admin/login`);
	await operator.submit("/admin/login", { email: "operator@helpdesk.example", password });
	await operator.open(`${portal}${INTEGRATION}`);
	await operator.submit(`${INTEGRATION}/x-login/activate`);
	await operator.open(`${portal}${INTEGRATION}/x-login?brand=acorn`);
	await operator.submit(`${INTEGRATION}/x-login?brand=acorn`, KEYS);
	await switchBrand(operator, portal, true);
	return operator;
}

export async function switchBrand(operator: HttpVisitor, at: string, isOn: boolean): Promise<void> {
	await operator.open(`${at}${SOCIAL_LOGIN}`);
	await operator.submit(SOCIAL_LOGIN, isOn ? { acorn: "on" } : {});
}

/** Presses the button at one node. @returns the page at X that this leads to. */
export async function pressButton(visitor: HttpVisitor, node: Node): Promise<Seen> {
	await visitor.open(`${node.url}/login?returnTo=/account`);
	return visitor.submit(START);
}

/** Approves at X, and opens the callback at a node, which may differ from the one where the log-in started. */
export async function comeBack(
	visitor: HttpVisitor,
	toX: string,
	accountId: string,
	node: Node,
): Promise<Seen> {
	return openCallback(visitor, await approveAtX(toX, { accountId }), node);
}

export async function openCallback(
	visitor: HttpVisitor,
	callback: string,
	node: Node,
): Promise<Seen> {
	const { pathname, search } = new URL(callback);
	return visitor.open(`${node.url}${pathname}${search}`);
}

/** Logs in from start to end. The log-in comes back to the node where it started, or to another. */
export async function logIn(
	visitor: HttpVisitor,
	accountId: string,
	node: Node,
	back = node,
): Promise<Seen> {
	const { url } = await pressButton(visitor, node);
	return comeBack(visitor, url, accountId, back);
}

/** Waits before another try. Without a pause, the tries would take the processor from the engine that is starting. */
export async function aMoment(): Promise<void> {
	await after(100);
}

/** The handle on the visitor's account page, which shows who the helpdesk thinks they are. */
export async function handleOf(visitor: HttpVisitor, node: Node): Promise<string | undefined> {
	const { html } = await visitor.open(`${node.url}/account`);
	return /<strong>@([^<]+)<\/strong>/.exec(html)?.[1];
}
