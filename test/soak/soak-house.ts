import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { startFakeSmtp } from "../kit/helpdesk/fake-smtp.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { API_KEY_SECRET, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { startRoundRobin } from "../kit/helpdesk/round-robin.ts";
import { freePorts } from "../kit/helpdesk/start-helpdesk.ts";
import { CodeLetters } from "./code-letters.ts";
import { Newcomers } from "./newcomers.ts";
import { SoakNode } from "./soak-node.ts";
import { countOf } from "./traffic.ts";
import { CALLBACK, type Place } from "./visits.ts";

const API_KEY = "api-key";

/** Two nodes behind a balancer, a mail server and an X, with X set up and switched on. */
export async function openSoakHouse(
	storage: string,
	visits: number,
	atEnd: (end: () => unknown) => void,
): Promise<{ readonly place: Place; readonly nodes: readonly SoakNode[] }> {
	const folder = await mkdtemp(join(tmpdir(), "soak-"));
	atEnd(() => rm(folder, { recursive: true, force: true }));
	const balancer = await startRoundRobin(atEnd);
	const smtp = await startFakeSmtp(atEnd);
	// One round more than the load: the first visits of each kind, and the rounding of two loads.
	const newcomers = new Newcomers({
		withEmail: countOf("new", visits) + countOf("new", 1),
		withoutEmail: countOf("form", visits) + countOf("form", 1),
	});
	const fakeX = await startFakeX({
		apps: [
			{
				apiKey: API_KEY,
				apiKeySecret: API_KEY_SECRET,
				callbacks: [`${balancer.url}${CALLBACK}`],
			},
		],
		accounts: newcomers.accounts,
	});
	atEnd(() => fakeX.close());
	const nodes: SoakNode[] = [];
	let password: string | null = null;
	let email = "";
	for (const name of ["one", "two"]) {
		const { node, ready, url } = await startOnFreePorts(
			[
				...["--data", join(folder, name), "--key-file", join(folder, "key")],
				...["--storage", storage, "--base-url", `acorn=${balancer.url}`],
				...["--x-base-url", fakeX.url, "--smtp", smtp.url, "--trust-proxy", "127.0.0.1"],
			],
			atEnd,
		);
		balancer.nodes.push(url);
		nodes.push(node);
		email = ready.operator.email;
		password ??= ready.operator.password;
	}
	const operator = new HttpVisitor();
	const adminUrl = `${balancer.url}/admin`;
	await operator.open(`${adminUrl}/login`);
	await operator.submit("/admin/login", { email, password: password ?? "" });
	await setUpX({ helpdesk: { adminUrl }, operator });
	const letters = new CodeLetters(smtp.letters);
	return { place: { portal: balancer.url, newcomers, known: [], letters }, nodes };
}

/** Tries again, because another process may take a free port before the node does. */
async function startOnFreePorts(
	flags: readonly string[],
	atEnd: (end: () => unknown) => void,
	tries = 3,
): Promise<Awaited<ReturnType<typeof SoakNode.start>> & { readonly url: string }> {
	const port = await freePorts();
	try {
		const started = await SoakNode.start([...flags, "--port", String(port)], atEnd);
		return { ...started, url: `http://127.0.0.1:${port}` };
	} catch (error) {
		if (tries === 1) {
			throw error;
		}
		return startOnFreePorts(flags, atEnd, tries - 1);
	}
}
