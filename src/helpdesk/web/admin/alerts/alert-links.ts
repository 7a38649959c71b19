import type { AlertLinks } from "../../../alerts/alert-letter.ts";
import { ADMIN_PATHS, atBrand, integrationPaths } from "../paths.ts";

/** Where alerts lead to. @param administration gives the address of the administration, an origin. */
export function alertLinks(administration: () => string): AlertLinks {
	return {
		settings: ({ pluginId, brandId }) =>
			`${administration()}${atBrand(integrationPaths(pluginId).settings, brandId)}`,
		profile: () => `${administration()}${ADMIN_PATHS.profile}#alerts`,
	};
}
