// An operator upgrades X while people log in. Log-ins go on, whatever the new version does.
import { expect, onTestFinished, test } from "vitest";
import manifest from "../../plugin.json" with { type: "json" };
import type { SettingsSchema } from "../../src/contract/settings-schema.ts";
import { builtArtifact } from "../kit/artifact/built-artifact.ts";
import { builtPlugin } from "../kit/artifact/built-plugin.ts";
import { HANGING, HANGS, laterX } from "../kit/artifact/plugin-versions.ts";
import { eventually } from "../kit/eventually.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { impatience } from "../kit/helpdesk/impatience.ts";
import { ADD_ONS, install, upload } from "../kit/helpdesk/install-add-on.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { PEOPLE, stored, throughX, X } from "../kit/helpdesk/people-with-x.ts";
import {
	comeBack,
	handleOf,
	type Node,
	openCluster,
	people,
	pressButton,
} from "../kit/nodes/cluster.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";

const [{ screenName: ADA = "" } = {}] = PEOPLE;
/** Adds a field to stored links that the previous version does not know. */
const MARKS_LINKS = `for (let cursor, more = true; more; ) {
	const page = await host.storage.list([], cursor === undefined ? {} : { cursor });
	for (const { key, value, version } of page.entries) {
		if (key[0] === "link") {
			await host.storage.commit({ checks: [{ key, version }], sets: [{ key, value: { ...value, marked: given } }] });
		}
	}
	cursor = page.cursor;
	more = cursor !== undefined;
}`;
const DESTROYS = `const { entries } = await host.storage.list([]);
await host.storage.commit({ deletes: entries.map(({ key }) => key), sets: [{ key: ["new"], value: 1 }] });
if ((await host.storage.list([])).entries.length !== 1) throw new Error("it does not see what it did");
await host.mail.send({ brandId: "acorn", to: "ada@example.com", subject: "Upgraded", text: "Hello" });`;

/** The helpdesk with X set up and two people linked. A hanging hook fails as soon as it hangs. */
async function openWithX(): Promise<OpenHelpdesk> {
	const log: string[] = [];
	const pluginZip = await builtArtifact();
	const open = await openHelpdesk(
		{
			plugin: await builtPlugin(),
			pluginZip,
			...impatience((line) => log.push(line)),
		},
		PEOPLE,
	);
	await setUpX(open);
	await throughX(open, "1");
	await throughX(open, "2");
	return { ...open, log };
}

/** Everything stored for plugins, with the versions of the entries. */
async function kept(open: OpenHelpdesk): Promise<string[]> {
	const namespaces = [
		"plugin-data",
		"plugin-settings",
		"plugin-state",
		"set-up-tests",
		"outbox",
		"installed",
	];
	const found = await Promise.all(namespaces.map((each) => stored(open.storage, [each])));
	return [...found.flat(), ...(await stored(open.storage, ["packages", "installed"]))];
}

/** Logs somebody in again and again until stopped or until the test ends. `logIn` returns how a log-in ended. */
function logInThroughout(logIn: (turn: number) => Promise<string | undefined>) {
	const ends: (string | undefined)[] = [];
	let goesOn = true;
	const run = (async () => {
		for (let turn = 0; goesOn; turn += 1) {
			ends.push(await logIn(turn).catch(String));
		}
	})();
	const stop = async (): Promise<void> => {
		goesOn = false;
		await run;
	};
	onTestFinished(stop);
	return {
		ends,
		/** Waits until two more log-ins have ended, one of which began after this call. */
		another: async () => {
			const before = ends.length;
			await eventually(() => expect(ends.length).toBeGreaterThan(before + 1));
		},
		stop,
	};
}

test("an upgrade and a roll-back take effect at once, while people log in without a break", async () => {
	const open = await openWithX();
	const { operator, portal } = open;
	const visitors = logInThroughout(async () => {
		const { status, html } = await throughX(open, "1", "/login?returnTo=/account");
		return status === 200 && html.includes(`@${ADA}`) ? "in" : `${status}: ${html}`;
	});
	await visitors.another();

	await install(
		operator,
		portal,
		await laterX("9.2.0", {
			onUpgrade: `${MARKS_LINKS} await host.mail.send({ brandId: "acorn", to: "a@example.com", subject: "Upgraded", text: "from " + given });`,
		}),
	);

	expect(operator.seen.html).toContain("X 9.2.0 is installed.");
	await visitors.another();
	const marked = (await stored(open.storage, ["plugin-data"])).filter((entry) =>
		entry.includes(`"marked":"${manifest.version}"`),
	);
	expect(marked.length).toBeGreaterThan(0);
	expect(await stored(open.storage, ["outbox"])).toEqual(
		expect.arrayContaining([expect.stringContaining(`"from ${manifest.version}"`)]),
	);
	await operator.open(`${portal}${ADD_ONS}`);
	await operator.submit(`${ADD_ONS}/x-login/roll-back`);
	expect(operator.seen.html).toContain(`X ${manifest.version} is installed.`);
	await visitors.another();
	await visitors.stop();
	expect(new Set(visitors.ends)).toEqual(new Set(["in"]));
	// The previous version reads the data of the other one, and nobody called onUpgrade on the way back.
	expect((await throughX(open, "2", "/login?returnTo=/account")).html).toContain("@grace_at_x");
	expect(operator.seen.html).not.toContain("Roll back");
	expect(open.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

const longKeys = (schema: SettingsSchema): SettingsSchema => {
	const { apiKey, ...others } = schema.properties;
	return {
		...schema,
		properties: { ...others, apiKey: { type: "string", ...apiKey, minLength: 60, maxLength: 90 } },
	};
};
const refuses = 'return [{ setting: "apiKey", message: "settings.apiKey.label" }];';

test.each([
	[
		"does not take the stored settings",
		{},
		longKeys,
		"against the stored settings",
		"the stored value is not valid",
	],
	[
		"refuses the stored settings",
		{ onSettingsWillSave: refuses },
		undefined,
		"against the stored settings",
		"API key",
	],
	[
		"throws in onUpgrade after it deleted and wrote",
		{ onUpgrade: `${DESTROYS} throw new Error("<b>no luck");` },
		undefined,
		"(onUpgrade)",
		"&lt;b&gt;no luck",
	],
	[
		"throws in onActivate after it deleted and wrote",
		{ onActivate: `${DESTROYS} throw new Error("no keys");` },
		undefined,
		"(onActivate)",
		"no keys",
	],
	[
		"hangs in onUpgrade",
		{ onUpgrade: `${DESTROYS} ${HANGS}` },
		undefined,
		"(onUpgrade)",
		"did not end within 7 seconds",
	],
	[
		"hangs in onActivate",
		{ onUpgrade: DESTROYS, onActivate: HANGS },
		undefined,
		"(onActivate)",
		"did not end within 7 seconds",
	],
	[
		"hangs over the stored settings",
		{ onSettingsWillSave: HANGS },
		undefined,
		"against the stored settings",
		"did not end within 7 seconds",
	],
	[
		"writes to more keys than one commit takes",
		{
			onUpgrade:
				'for (let i = 0; i < 1001; i += 1) await host.storage.commit({ sets: [{ key: ["many", String(i)], value: i }] });',
		},
		undefined,
		"(onUpgrade)",
		"may write at most 1,000 keys",
	],
	[
		"writes more e-mails than one commit takes",
		{
			onUpgrade:
				'for (let i = 0; i < 51; i += 1) await host.mail.send({ brandId: "acorn", to: "ada@example.com", subject: "Upgraded", text: String(i) });',
		},
		undefined,
		"(onUpgrade)",
		"may write at most 50 e-mails while it is tried",
	],
	[
		"makes users",
		{
			onUpgrade:
				'await host.users.create("k", { brandId: "acorn", name: "A", email: "new@example.com", emailProof: "code", locale: "en" });',
		},
		undefined,
		"(onUpgrade)",
		"cannot make or confirm users",
	],
])(
	"a version that %s changes nothing, and the previous version goes on",
	async (_, hooks, change, where, why) => {
		const open = await openWithX();
		const { operator, portal } = open;
		await upload(operator, portal, await laterX("9.2.0", hooks, change));
		const before = await kept(open);

		const seen = await operator.submit(`${ADD_ONS}/install`);

		expect(seen.status).toBe(409);
		expect(seen.html).toContain("X 9.2.0 is not installed.");
		expect(seen.html).toContain(where);
		expect(seen.html).toContain(why);
		expect(seen.html).toContain(`X ${manifest.version} is still in use`);
		expect(await kept(open)).toEqual(before);
		expect(open.log.filter((line) => line.includes('"add-on.failed"'))).toHaveLength(1);
		expect((await throughX(open, "1", "/login?returnTo=/account")).html).toContain(`@${ADA}`);
	},
);

test("an abandoned version stores and sends nothing when its hook goes on later", async () => {
	const open = await openWithX();
	const { operator, portal } = open;
	const wakes = `host.events.emit({ name: "hangs", level: "info", message: "${HANGING}", fields: {} });
		for (let isTried = true; isTried; ) await host.storage.get(["x"]).catch(() => { isTried = false; });
		const write = host.storage.commit({ sets: [{ key: ["late"], value: 1 }] });
		const send = host.mail.send({ brandId: "acorn", to: "ada@example.com", subject: "Late", text: "" });
		for (const { reason } of await Promise.allSettled([write, send])) {
			host.events.emit({ name: "woke", level: "info", message: reason?.message ?? "done", fields: {} });
		}`;
	await upload(operator, portal, await laterX("9.2.0", { onUpgrade: wakes }));
	const before = await kept(open);

	await operator.submit(`${ADD_ONS}/install`);

	expect(operator.seen.html).toContain("is still in use");
	const woke = await eventually(() => {
		const lines = open.log.filter((line) => line.includes('"woke"'));
		expect(lines).toHaveLength(2);
		return lines;
	});
	expect(woke.every((line) => line.includes("was not installed"))).toBe(true);
	expect(await kept(open)).toEqual(before);
});

test("two operators upgrade at once: one succeeds, and the other gets an explanation", async () => {
	const open = await openWithX();
	const { operator, portal, helpdesk } = open;
	const other = new HttpVisitor();
	for (const [name, value] of operator.cookies) {
		other.cookies.set(name, value);
	}
	const slowly = `for (let i = 0; i < 50; i += 1) await host.storage.get(["x"]);`;
	await upload(operator, portal, await laterX("9.2.0", { onUpgrade: slowly }));
	await upload(other, portal, await laterX("9.3.0", { onUpgrade: slowly }));

	await Promise.all([operator, other].map((each) => each.submit(`${ADD_ONS}/install`)));

	const ends = [operator, other].map(({ seen }) => seen.status).sort();
	expect(ends).toEqual([200, 409]);
	const [lost] = [operator, other].filter(({ seen }) => seen.status === 409);
	expect(lost?.seen.html).toContain("somebody else changed the add-on in the meantime");
	expect(helpdesk.brands).toHaveLength(2);
	expect((await throughX(open, "1", "/login?returnTo=/account")).html).toContain(`@${ADA}`);
});

test("settings saved during an upgrade are checked before the switch", async () => {
	const open = await openWithX();
	const { operator, portal } = open;
	const waits = `host.events.emit({ name: "waits", level: "info", message: "", fields: {} });
		while ((await host.settings.read("acorn")).values.mode !== "login-only") await new Promise((resolve) => setImmediate(resolve));`;
	const later = await laterX("9.2.0", { onUpgrade: waits }, (schema) => {
		const mode = {
			...schema.properties["mode"],
			type: "string",
			enum: ["login-and-signup"],
		} as const;
		const { allowedDomains: _, blockedDomains: __, ...others } = schema.properties;
		return { ...schema, properties: { ...others, mode } };
	});
	const colleague = new HttpVisitor();
	for (const [name, value] of operator.cookies) {
		colleague.cookies.set(name, value);
	}

	const saveMeanwhile = async (): Promise<void> => {
		await eventually(() => expect(open.log.join()).toContain('"waits"'));
		await colleague.open(`${portal}${X}?brand=acorn`);
		await colleague.submit(`${X}?brand=acorn`, { apiKey: "api-key", mode: "login-only" });
	};
	const [{ html }] = await Promise.all([install(operator, portal, later), saveMeanwhile()]);

	expect(colleague.seen.html).toContain("The settings are saved.");
	expect(html).toContain("against the stored settings");
	expect(html).toContain(`X ${manifest.version} is still in use`);
	expect((await throughX(open, "1", "/login?returnTo=/account")).html).toContain(`@${ADA}`);
});

test("an older version is not installed over a newer one, and no brand is left without a required setting", async () => {
	const open = await openWithX();
	const { operator, portal } = open;
	await install(operator, portal, await laterX("0.0.9"));
	expect(operator.seen.html).toContain(`${manifest.version} is installed, which is newer`);

	const needsMore = await laterX("9.2.0", {}, (schema) => {
		const { default: _, ...allowedDomains } = schema.properties["allowedDomains"] ?? {
			type: "string",
		};
		const required = [...(schema.required ?? []), "allowedDomains"];
		return { ...schema, properties: { ...schema.properties, allowedDomains }, required };
	});
	await install(operator, portal, needsMore);
	expect(operator.seen.html).toContain(
		"is required in this version, and Acorn Outdoor has no value for it",
	);
});

describeOn("PostgreSQL", "two nodes on one PostgreSQL", (url) => {
	test("upgrades and roll-backs on one node reach the other, while people log in across both", async () => {
		const [ada] = people(1);
		const { nodes, operator } = await openCluster(apart(url), people(1));
		const [one, two] = nodes;
		const visitors = logInThroughout(async (turn) => {
			const [start, end] = turn % 2 === 0 ? [one, two] : [two, one];
			const visitor = new HttpVisitor();
			const { url: toX } = await pressButton(visitor, start);
			await comeBack(visitor, toX, ada?.id ?? "", end);
			return (await handleOf(visitor, start)) ?? visitor.seen.html;
		});
		const servesOn = (node: Node, label: string) =>
			eventually(async () => {
				const { html } = await new HttpVisitor().open(`${node.url}/login`);
				expect(html).toContain(label);
			});
		await visitors.another();
		const relabel = `return (await built.renderLoginButtons(given)).map((button) => ({ ...button, html: button.html.replaceAll("Log in with X", "Log in with a later X") }));`;
		const later = await laterX("9.2.0", { onUpgrade: MARKS_LINKS, renderLoginButtons: relabel });

		await install(operator, one.url, later);
		expect(operator.seen.html).toContain("X 9.2.0 is installed.");
		await servesOn(one, "Log in with a later X");
		await servesOn(two, "Log in with a later X");
		await visitors.another();
		await operator.open(`${two.url}${ADD_ONS}`);
		await operator.submit(`${ADD_ONS}/x-login/roll-back`);
		expect(operator.seen.html).toContain(`X ${manifest.version} is installed.`);
		await servesOn(one, "Log in with X");
		await visitors.another();
		await visitors.stop();

		expect(new Set(visitors.ends)).toEqual(new Set([ada?.screenName]));
		await one.stop();
		await one.start();
		await servesOn(one, "Log in with X");
	});
});
