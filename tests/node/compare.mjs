// Makes redlines as a reader's browser does, and tells them to the tests.
//
// In: lines of JSON, each {"texts": the file of a policy, or {} for the one before, "pairs": [[old, new], ...]}.
// Out: a line of JSON for each pair, {"html", "changes", "capped", "seconds"}, or {"error"}.
import {readFileSync} from "node:fs";
import {createInterface} from "node:readline";
import vm from "node:vm";

const script = new URL("../../templates/compare.js", import.meta.url);
vm.runInThisContext(readFileSync(script, "utf8"), {filename: "compare.js"});
const [Texts, redline] = vm.runInThisContext("[Texts, redline]");

let read;
for await (const line of createInterface({input: process.stdin})) {
  const {texts, pairs} = JSON.parse(line);
  if (texts.versions) read = new Texts(texts);
  for (const [old, now] of pairs) {
    const start = performance.now();
    let told;
    try {
      told = redline(read, old, now);
    } catch (error) {
      told = {error: error.stack};
    }
    console.log(JSON.stringify({...told, seconds: (performance.now() - start) / 1000}));
  }
}
