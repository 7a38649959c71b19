// Alerts to a program of the operators: signed, bounded and tried again.
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { Secret } from "../../../src/contract/secret.ts";
import { StorageError } from "../../../src/contract/storage.ts";
import { localeFor, type Message } from "../../../src/helpdesk/locale/locale.ts";
import { type AlertedNode, alertedNodes, failTwice } from "../../kit/helpdesk/alerted-nodes.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { type Received, receivingServer } from "../../kit/helpdesk/receiving-server.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const MINUTE = 60_000;

/** A node that may call this machine, and a server there. */
async function openWithServer() {
	const nodes = await alertedNodes();
	const server = await receivingServer();
	const node = await nodes.node(undefined, { allowPrivate: ["127.0.0.1"] });
	const secret = await node.alerts.webhook.set(server.url);
	return { nodes, node, server, secret };
}

function signatureOf(secret: Secret, { headers, body }: Received) {
	const key = Buffer.from(secret.reveal().slice("whsec_".length), "base64");
	const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
	return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

function inWords(problem: Message | string | null): string | null {
	return problem === null || typeof problem === "string"
		? problem
		: localeFor(undefined, "en").say(problem);
}

async function lastProblem({ alerts }: AlertedNode) {
	return inWords((await alerts.webhook.lastResult())?.problem ?? null);
}

test("the webhook gets what the letters say, signed with the time of the call", async () => {
	const { nodes, node, server, secret } = await openWithServer();
	await failTwice(nodes, node);
	await node.alerts.duty.run();
	await node.attempts("acorn", {}, {}, {});
	nodes.clock.advance(MINUTE);
	await node.alerts.duty.run();

	expect(server.received.map(({ body }) => JSON.parse(body))).toMatchObject([
		{
			type: "log-ins.failing",
			since: "2026-11-02T08:00:00.000Z",
			brand: { id: "acorn", name: "Acorn Outdoor" },
			addOn: { id: "x-login", name: "X" },
			reason: { code: "x-misconfigured", problem: "bad-keys", title: "Wrong API key or secret" },
		},
		{ type: "log-ins.working" },
	]);
	for (const call of server.received) {
		expect(call.headers["webhook-signature"]).toBe(signatureOf(secret, call));
		expect(call.headers["webhook-id"]).toBe(JSON.parse(call.body).id);
	}
	const seconds = String(nodes.clock.now() / 1000);
	expect(server.received[1]?.headers["webhook-timestamp"]).toBe(seconds);
	expect(await lastProblem(node)).toBeNull();
});

test("a webhook that does not take an alert is called five times with the same id", async () => {
	const { nodes, node, server } = await openWithServer();
	server.answerWith(500);
	await failTwice(nodes, node);
	for (let minute = 0; minute < 6 * 60; minute += 1) {
		await node.alerts.duty.run();
		nodes.clock.advance(MINUTE);
	}
	expect(server.received).toHaveLength(5);
	expect(new Set(server.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
	expect(await node.alerts.webhook.lastResult()).toMatchObject({
		problem: { key: "webhook-problem.status", values: { status: "500" } },
		isLast: true,
	});
	const left = (await allEntries(nodes.storage)).map(({ key }) => key[0]);
	expect(left).not.toContain("alert-events");
});

test("addresses outside the internet are called only where the process allows it", async () => {
	const nodes = await alertedNodes();
	const server = await receivingServer();
	const node = await nodes.node();
	expect(node.alerts.refusalOf(server.url)).toBe("https-needed");
	expect(node.alerts.refusalOf("https://10.0.0.1/hook")).toBe("private-address");
	expect(node.alerts.refusalOf("https://user:word@pager.example/")).toBe("credentials");
	expect(node.alerts.refusalOf("https://pager.example/hook")).toBeUndefined();
	// It was set when the process allowed it.
	await node.alerts.webhook.set(server.url);
	await failTwice(nodes, node);
	await node.alerts.duty.run();
	expect(server.received).toEqual([]);
	expect(await lastProblem(node)).toContain("https://");
});

test("the secret is stored encrypted, and sealed with a new key", async () => {
	const { nodes, node, secret } = await openWithServer();
	expect(JSON.stringify(await allEntries(nodes.storage))).not.toContain(secret.reveal());
	expect(`${secret}`).not.toContain("whsec_");
	const [old = new Uint8Array(32), key] = [nodes.key, new Uint8Array(32).fill(7)];
	const rotating = await nodes.node(undefined, { keys: [key, old] });
	await rotating.alerts.webhook.reseal();
	const rotated = await nodes.node(undefined, { keys: [key] });
	expect((await rotated.alerts.webhook.open())?.secret?.reveal()).toBe(secret.reveal());
	expect(inWords(await node.alerts.calls.test())).toContain(
		"the key file has changed. Make a new secret.",
	);
});

test("a result that an earlier version noted as a sentence is shown as it is", async () => {
	const { nodes, node } = await openWithServer();
	const result = { at: nodes.clock.now(), problem: "It answered late.", isLast: true };
	await nodes.storage.commit({ sets: [{ key: ["alerts", "result"], value: result }] });
	expect(await node.alerts.webhook.lastResult()).toEqual(result);
});

test("a test of the webhook says that it is one", async () => {
	const { node, server } = await openWithServer();
	const test = async () => inWords(await node.alerts.calls.test());
	expect(await test()).toBeNull();
	expect(JSON.parse(server.received[0]?.body ?? "")).toMatchObject({ type: "test" });
	server.answerWith(404);
	expect(await test()).toContain("404");
});

test("an alert that began before the webhook was removed goes by e-mail alone", async () => {
	const { nodes, node, server } = await openWithServer();
	await failTwice(nodes, node);
	await node.alerts.webhook.remove();
	await node.alerts.duty.run();
	expect(server.received).toEqual([]);
	const left = (await allEntries(nodes.storage)).map(({ key }) => key[0]);
	expect(left).not.toContain("alert-events");
});

test("a storage that is away is not mistaken for another key file", async () => {
	const { nodes } = await openWithServer();
	let isAway = false;
	const node = await nodes.node((storage) => ({
		get: (key) => (isAway ? Promise.reject(new StorageError("away")) : storage.get(key)),
		take: (key) => storage.take(key),
		list: (prefix, options) => storage.list(prefix, options),
		commit: (commit) => storage.commit(commit),
	}));
	isAway = true;

	await expect(node.alerts.calls.test()).rejects.toThrow("away");
});

test.each(["set", "remove"] as const)(
	"how a call went is not noted where the webhook was changed meanwhile (%s)",
	async (change) => {
		const { nodes, server } = await openWithServer();
		const { webhook } = (await nodes.node()).alerts;
		server.during(async () => {
			await (change === "set" ? webhook.set("https://pager.example/new") : webhook.remove());
		});
		const node = await nodes.node(undefined, { allowPrivate: ["127.0.0.1"] });

		expect(await node.alerts.calls.test()).toBeNull();

		expect(server.received).toHaveLength(1);
		expect(await webhook.lastResult()).toBeUndefined();
	},
);

test("many alerts that wait for the webhook alone hide none that nobody was told", async () => {
	const { nodes, node } = await openWithServer();
	const at = nodes.clock.now();
	const waits = {
		...{ at, pluginId: "x-login", brandId: "acorn", kind: "failing", since: at, why: "unfinished" },
		...{ mailedTo: null, webhook: { tries: 1, dueAt: at + 60 * MINUTE } },
	};
	for (let index = 0; index < 250; index += 1) {
		const id = `0-${index}`;
		await nodes.storage.commit({
			sets: [{ key: ["alert-events", id], value: { ...waits, id } }],
		});
	}
	const last = { ...waits, id: "z", mailedTo: "", webhook: { tries: 0, dueAt: at } };
	await nodes.storage.commit({ sets: [{ key: ["alert-events", "z"], value: last }] });

	await node.alerts.duty.run();

	expect(await keptLetters(node.outbox)).toHaveLength(2);
	expect(await lastProblem(node)).toBeNull();
	expect(await nodes.storage.get(["alert-events", "z"])).toBeUndefined();
});
