// A helpdesk of an earlier version has the two sample brands. They stay, at the same addresses.
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import { freePorts, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";
import { exportUsers, logInOperator } from "./administration.ts";
import { fixtureVersions, readStory } from "./fixture.ts";
import { loadFixture } from "./open-fixture.ts";

describe.each(fixtureVersions())("the data of version %s", (version) => {
	test("starts with its two brands and the same addresses, and with a stored one beside them", async () => {
		const { data } = await loadFixture(version, "sqlite", "");
		const port = await freePorts();
		const portals = {
			acorn: `http://127.0.0.1:${port}`,
			harbor: `http://127.0.0.1:${port + 1}`,
		};
		const first = await startHelpdeskProcess(data, ["--port", String(port)]);
		expect(first.ready.portals).toEqual(portals);
		expect(first.ready.admin).toBe(`${portals.acorn}/admin`);
		expect(first.printed()).not.toMatch(/"brands\./);
		first.process.kill("SIGTERM");
		await once(first.process, "exit");

		const shop = "shop=Shop,https://shop.example.com";
		expect(runCli(data, "brands", "add", shop, "--data", data).status).toBe(0);
		const second = await startHelpdeskProcess(data, [
			...["--port", String(port), "--base-url", "harbor=https://music.example.com"],
		]);
		expect(second.ready.portals).toEqual({
			...{ acorn: portals.acorn, harbor: "https://music.example.com" },
			shop: "https://shop.example.com",
		});
	});

	test("keeps its people while other brands are configured, names the brands, and has them again", async () => {
		const story = await readStory(version, "sqlite");
		const { data } = await loadFixture(version, "sqlite", "");
		const port = await freePorts();
		const usersAt = async (admin: string) => {
			const operator = new HttpVisitor();
			await logInOperator(operator, new URL(admin).origin, story.operator);
			return exportUsers(operator, new URL(admin).origin);
		};
		const other = await startHelpdeskProcess(data, [
			...["--port", String(port), "--brand", `help=Help,http://127.0.0.1:${port}`],
		]);
		expect(other.ready.portals).toEqual({ help: `http://127.0.0.1:${port}` });
		await expect
			.poll(() => other.printed().match(/the brand [^(]* \(\w+\) has people/g))
			.toEqual([
				"the brand Acorn Outdoor (acorn) has people",
				"the brand Harbor Music (harbor) has people",
			]);
		const ids = story.users.map(({ id }) => id);
		expect((await usersAt(other.ready.admin)).map(({ id }) => id)).toEqual(ids);
		other.process.kill("SIGTERM");
		await once(other.process, "exit");

		const again = await startHelpdeskProcess(data, ["--port", String(port)]);
		expect(Object.keys(again.ready.portals)).toEqual(["acorn", "harbor"]);
		expect((await usersAt(again.ready.admin)).map(({ id }) => id)).toEqual(ids);
		const visitor = new HttpVisitor();
		await visitor.open(`${again.ready.portals["acorn"]}/login`);
		expect(visitor.seen.html).toContain("Log in with X");
	});
});
