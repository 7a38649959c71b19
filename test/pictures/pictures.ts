// Usage: `npm run pictures -- [--readme] [FOLDER]`. Takes a picture of every page from a running helpdesk: light, dark, at phone width
// and, of the portal, in German. Without FOLDER they go to `pictures`, which is not committed. `--readme` takes the four that
// README.md shows in their place, and no others.
import { takePluginCalls } from "../kit/walk/answers.ts";
import { livingHelpdesk } from "../kit/walk/living-helpdesk.ts";
import { takePictures } from "../kit/walk/pages.ts";
import { openCamera } from "./camera.ts";
import { takeReadmePictures } from "./readme-pictures.ts";

const README = "--readme";

const ends: (() => unknown)[] = [];
try {
	const args = process.argv.slice(2);
	const [folder = "pictures"] = args.filter((arg) => arg !== README);
	const ready = await livingHelpdesk((end) => ends.push(end));
	const camera = await openCamera(folder, (end) => ends.push(end));
	if (args.includes(README)) {
		await takeReadmePictures(camera, ready);
	} else {
		await takePictures(camera, ready);
		await takePluginCalls(camera, await livingHelpdesk((end) => ends.push(end), "--watch"));
		console.log(`${camera.taken} pictures in ${folder}`);
	}
} finally {
	for (const end of ends.reverse()) {
		await end();
	}
}
