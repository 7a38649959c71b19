import { expect, test } from "vitest";
import { tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { install } from "../../kit/helpdesk/install-add-on.ts";
import { openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";
import { INTEGRATIONS, press } from "../../kit/helpdesk/people-with-x.ts";

const page = (status: number) =>
	`{ kind: "page", page: { status: ${status}, title: "T", html: "<p>T</p>" } }`;
const ANSWERS = [
	'{ kind: "zzz" }',
	...[99, 101, 302, 1000].map(page),
	'{ kind: "redirect", location: "/" + "a".repeat(200_000) }',
	'{ kind: "redirect", location: "/", cookies: new Array(500).fill({ name: "a", value: "b", maxAgeSeconds: 9 }) }',
	'{ kind: "redirect", location: "/", cookies: [{ name: " ", value: "b", maxAgeSeconds: 9 }] }',
	'{ kind: "redirect", get location() { return this.reads++ ? "//evil" : 1; }, reads: 0 }',
];
const button = `const { startPath } = await host.brands.find(given.brandId);
	return [{ id: "b", label: "B", intent: "log-in", action: startPath, method: "post", fields: {}, order: 0, icon: "", html: \`<form method="post" action="\${startPath}"><button type="submit">B</button></form>\` }];`;

test("a faulty answer of an add-on is the helpdesk's own error page and one line in the log", async () => {
	const open = await openHelpdesk();
	const zip = tinyZip({
		renderLoginButtons: button,
		startLogin: `const asked = Number((await host.storage.get(["asked"]))?.value ?? 0);
			await host.storage.commit({ sets: [{ key: ["asked"], value: asked + 1 }] });
			return [${ANSWERS.join(", ")}][asked];`,
	});
	await install(open.operator, open.portal, zip);
	await press(open, `${INTEGRATIONS}/tiny/activate`);

	for (const answer of ANSWERS) {
		const visitor = new HttpVisitor();
		await visitor.open(`${open.portal}/login`);
		const before = open.log.length;
		const { status, html } = await visitor.submit("/login/tiny/start");

		expect(status, answer).toBe(502);
		expect(html, answer).toContain("<h1>");
		expect(open.log.slice(before), answer).toHaveLength(1);
	}
});
