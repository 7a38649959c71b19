// Usage: `npm run pictures -- [FOLDER]`. Takes a picture of every page from a running helpdesk: light, dark, at phone width
// and, of the portal, in German. Without FOLDER they go to `pictures`, which is not committed.
import { takePluginCalls } from "./answers.ts";
import { type Camera, openCamera } from "./camera.ts";
import { livingHelpdesk } from "./living-helpdesk.ts";
import { takePictures } from "./pages.ts";

const ends: (() => unknown)[] = [];
try {
	const [folder = "pictures"] = process.argv.slice(2);
	const ready = await livingHelpdesk((end) => ends.push(end));
	const camera: Camera = await openCamera(folder, (end) => ends.push(end));
	await takePictures(camera, ready);
	await takePluginCalls(camera, await livingHelpdesk((end) => ends.push(end), "--watch"));
	console.log(`${camera.taken} pictures in ${folder}`);
} finally {
	for (const end of ends.reverse()) {
		await end();
	}
}
