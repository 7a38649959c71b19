// Usage: `npm run pictures -- [--readme] [--languages=de,fa] [FOLDER]`. Takes a picture of every page from a running helpdesk:
// light, dark and at phone width, or in the languages that are named. Without FOLDER they go to `pictures`, which is not
// committed. `--readme` takes the four that README.md shows in their place, and no others.
import { parseArgs } from "node:util";
import { LANGUAGES } from "../../src/helpdesk/locale/locale.ts";
import { takePluginCalls } from "../kit/walk/answers.ts";
import { livingHelpdesk } from "../kit/walk/living-helpdesk.ts";
import { takePictures } from "../kit/walk/pages.ts";
import { FORMS, inLanguage, openCamera } from "./camera.ts";
import { takeReadmePictures } from "./readme-pictures.ts";

const ends: (() => unknown)[] = [];
try {
	const { values, positionals } = parseArgs({
		options: { readme: { type: "boolean" }, languages: { type: "string" } },
		allowPositionals: true,
	});
	const [folder = "pictures"] = positionals;
	const languages = values.languages?.split(",");
	const unknown = languages?.find((tag) => !LANGUAGES.has(tag));
	if (unknown !== undefined) {
		throw new Error(
			`no page is in ${unknown}; --languages takes ${[...LANGUAGES.keys()].join(",")}`,
		);
	}
	const looks = languages?.map(inLanguage) ?? FORMS;
	const ready = await livingHelpdesk((end) => ends.push(end));
	const camera = await openCamera(folder, looks, (end) => ends.push(end));
	if (values.readme === true) {
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
