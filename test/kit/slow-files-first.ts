import { join, relative, sep } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The slowest files, the longest first. A slow file that starts last runs alone and delays the end. */
const SLOW = [
	"journeys/nodes/kills-",
	"journeys/nodes/load.",
	"journeys/request-tracker/",
	"abilities/pages.",
	"soak/",
	"compatibility/",
	"journeys/nodes/",
	"journeys/tls-browser.",
	"journeys/browser.",
	"journeys/accounts-browser.",
	"journeys/upgrade.",
	"helpdesk/web/admin/links/links.",
	"helpdesk/host-contract/",
	"helpdesk/web/admin/page-bounds.",
	"helpdesk/web/audited-deeds.",
	"helpdesk/people/recount.",
	"helpdesk/add-ons/import-links.",
	"cli/storage-option.",
	"cli/",
	"nodebb/",
	"journeys/",
	"helpdesk/web/admin/uploads.",
	"testing/host-contract/",
	"artifact/",
	"storage/",
];

/** Starts the slow files first. The others follow as vitest sorts them: by their last duration, or by size. */
export class SlowFilesFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const rankOf = ({ moduleId }: TestSpecification): number => {
			const name = relative(join(this.ctx.config.root, "test"), moduleId).replaceAll(sep, "/");
			const rank = SLOW.findIndex((start) => name.startsWith(start));
			return rank === -1 ? SLOW.length : rank;
		};
		return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b));
	}
}
