import { expect, test } from "vitest";
import { tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { ADD_ONS, install } from "../../kit/helpdesk/install-add-on.ts";
import { openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";

test("the marketplace lists 25 packages to a page, and reads only those", async () => {
	const files = Array.from({ length: 60 }, (_, index) => `tiny-${index + 100}.zip`);
	const read: string[] = [];
	const marketplace = {
		list: async () => files,
		read: async (fileName: string) => {
			read.push(fileName);
			return undefined;
		},
	};
	const { operator, portal } = await openHelpdesk({ marketplace });

	const seen: string[][] = [];
	let path: string | undefined = ADD_ONS;
	while (path !== undefined) {
		read.length = 0;
		const { html } = await operator.open(`${portal}${path}`);
		const offered = [...html.matchAll(/name="file" value="([^"]+)"/g)].map(
			([, file]) => file ?? "",
		);
		expect(read).toEqual(offered.filter((file) => file.startsWith("tiny")));
		seen.push(offered);
		path = /href="([^"]+)">Next</.exec(html)?.[1];
	}

	expect(seen.map(({ length }) => length)).toEqual([25, 25, expect.any(Number)]);
	expect(seen.flat().filter((file) => file.startsWith("tiny"))).toEqual(files);
});

test("installed add-ons are listed 25 to a page", async () => {
	const { operator, portal } = await openHelpdesk();
	for (let number = 10; number < 36; number += 1) {
		await install(operator, portal, tinyZip({}, { id: `tiny-${number}` }));
	}

	const first = (await operator.open(`${portal}${ADD_ONS}`)).html;

	expect(first.match(/<p class="help">By /g) ?? []).toHaveLength(25);
	const [, second = ""] = /href="([^"]+after=[^"]+)">Next</.exec(first) ?? [];
	const { html } = await operator.open(`${portal}${second}`);
	expect(html.match(/<p class="help">By /g) ?? []).toHaveLength(2);
});
