import { fileURLToPath } from "node:url";
import { setUpXInBrowser } from "../kit/browser/set-up-x.ts";
import type { Ready } from "../kit/helpdesk/start-helpdesk.ts";
import type { Camera } from "./camera.ts";
import { decideAtX, firstPortal } from "./pages.ts";

const FOLDER = fileURLToPath(new URL("../../src/helpdesk/pictures/", import.meta.url));

/** Takes what README.md shows: the log-in page, and what an administrator sees of it. */
export async function takeReadmePictures(camera: Camera, ready: Ready): Promise<void> {
	const operator = await camera.newPerson();
	await setUpXInBrowser(operator, ready, ready.fakeX);
	await operator.getByText("X is connected").waitFor();
	await decideAtX(await camera.newPerson(), ready, "Cancel");
	await decideAtX(await camera.newPerson(), ready, "Sign in");
	const { admin } = ready;
	const visitor = await camera.newPerson();
	const shown = [
		{ page: visitor, name: "log-in", address: `${firstPortal(ready)}/login` },
		{ page: operator, name: "overview", address: admin },
		{
			...{ page: operator, name: "settings" },
			address: `${admin}/settings/general/integrations/x-login`,
		},
		{ page: operator, name: "sign-ins", address: `${admin}/sign-ins` },
	];
	for (const { page, name, address } of shown) {
		await page.setViewportSize({ width: 1280, height: 800 });
		await page.goto(address);
		await page.screenshot({ path: `${FOLDER}${name}.png` });
	}
}
