import { describeKills } from "../../kit/nodes/kill-at-each-step.ts";

describeKills("Redis");
