/** One icon, as SVG. The package declares types only for the file with all of its icons, which a bundle should not carry. */
declare module "lucide-static/dist/esm/icons/*.mjs" {
	const svg: string;
	export default svg;
}
