// A file is imported in a browser without scripts: the form sends what the upload needs before the file.
import { test } from "vitest";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { X } from "../kit/helpdesk/people-with-x.ts";
import { addProvenUser } from "../kit/helpdesk/proven-user.ts";

test("a browser without scripts tries a file of 400 rows, imports it, and adds a second file", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const emails = Array.from({ length: 340 }, (_, each) => `person${each}@example.com`);
	for (const email of emails) {
		await addProvenUser(open.storage, email);
	}
	const rows = emails.map((email, index) => `${index + 1},${email}`);
	const unknown = Array.from({ length: 60 }, (_, each) => `9${each},unknown${each}@example.com`);
	const file = (name: string, lines: readonly string[]) => ({
		name,
		mimeType: "text/csv",
		buffer: Buffer.from(["x_id,email", ...lines].join("\n")),
	});
	const browser = await openBrowser();
	try {
		const context = await browser.newContext({ javaScriptEnabled: false });
		const page = await context.newPage();
		await page.goto(`${open.helpdesk.adminUrl}/login`);
		await page.getByLabel("E-mail").fill(open.helpdesk.operator.email);
		await page.getByLabel("Password").fill(open.helpdesk.operator.password ?? "");
		await page.getByRole("button", { name: "Log in" }).click();
		await page.goto(`${open.portal}${X}/links`);
		await page.getByLabel("Or a file").setInputFiles(file("old.csv", [...rows, ...unknown]));
		await page.getByRole("button", { name: "Try it" }).click();

		// A slow machine shows the page of the job first, which opens itself again.
		await page.getByText("340 would be linked, 60 refused. Nothing has changed yet.").waitFor();
		await page.getByRole("button", { name: "Import 340 links" }).click();
		await page.getByText("340 linked, 60 refused.").waitFor();
		await page.getByText("A list of 400 rows is kept.").waitFor();

		await page.goto(`${open.portal}/admin/jobs`);
		await page.getByRole("link", { name: "Try the links of old.csv" }).click();
		await page.locator("main summary").click();
		await page.getByRole("link", { name: "Next 50" }).click();
		await page.getByText("unknown59@example.com").waitFor();
		await page.getByRole("link", { name: "Use it again, or add to it" }).click();
		await page.getByLabel("Add what I paste or choose to the list that is kept").check();
		await page.getByLabel("Or a file").setInputFiles(file("new.csv", ["5000,person3@example.com"]));
		await page.getByRole("button", { name: "Try it" }).click();
		await page.getByText("1 would be linked, 60 refused, 340 already linked.").waitFor();
		await page.getByText("A list of 401 rows is kept.").waitFor();
		await page.goto(`${open.portal}${X}/links`);

		// The browser shows the answer to a file of 10 MB that ends with its second row, so the rest is read, too.
		await page
			.getByLabel("Or a file")
			.setInputFiles(
				file("broken.csv", [
					'1,"a"b',
					...Array.from({ length: 400_000 }, (_, each) => `${each},person@example.com`),
				]),
			);
		await page.getByRole("button", { name: "Try it" }).click();
		await page.getByRole("link", { name: "Line 2: text follows the quotation mark" }).waitFor();
	} finally {
		await browser.close();
	}
});
