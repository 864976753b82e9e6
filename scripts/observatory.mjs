// Asks each page of a portal once over HTTP and once over HTTPS, and prints what the Observatory thinks of it.
import { pathToFileURL } from "node:url";

const LOWEST = 130;
const [place, portal, ...paths] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${place}/src/${name}`).href);
const { retrieve } = await load("retriever/retriever.js");
const { ALL_TESTS } = await load("constants.js");
const { getScoreModifier } = await load("grader/grader.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await load("grader/charts.js");

const { hostname } = new URL(portal);
const headers = ["Accept: text/html,*/*;q=0.8"];
if (process.env.COOKIE) headers.push(`Cookie: ${process.env.COOKIE}`);

let lowest = Infinity;
for (const path of paths.length ? paths : ["/accounts/login/"]) {
    const answers = await retrieve(hostname, { path, headers });
    if (!answers.responses.auto) throw new Error(`${portal}${path} does not answer`);
    const results = ALL_TESTS.map((test) => test(answers)).filter((each) => each.result);
    const modifiers = results.map((each) => getScoreModifier(each.result));
    const lost = modifiers.filter((each) => each < 0).reduce((sum, each) => sum + each, 100);
    const score = lost < MINIMUM_SCORE_FOR_EXTRA_CREDIT ? lost : modifiers.reduce((sum, each) => sum + each, 100);
    lowest = Math.min(lowest, score);
    console.log(`${score}  ${answers.responses.auto.status}  ${path}`);
    results.forEach((each, index) => {
        if (!each.pass || modifiers[index] < 0) console.log(`     ${modifiers[index]}  ${each.result}`);
    });
}
process.exit(lowest < LOWEST ? 1 : 0);
