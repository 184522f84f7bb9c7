// Checks files of the packaging: packaging.js sbom FILE (CycloneDX, against its schema), packaging.js dockerfile FILE.
// What is wrong goes to stderr, and the exit status is 1.
'use strict';
const fs = require('fs');

async function sbom(text) {
    const { Validation, Spec } = require('@cyclonedx/cyclonedx-library');
    const errors = await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text);
    return errors === null ? [] : [].concat(errors).map((error) => JSON.stringify(error));
}

function dockerfile(text) {
    const { validate } = require('dockerfile-utils');
    return validate(text).map((problem) => `line ${problem.range.start.line + 1}: ${problem.message}`);
}

async function main([kind, file]) {
    const checks = { sbom, dockerfile };
    const problems = await checks[kind](fs.readFileSync(file, 'utf8'));
    for (const problem of problems) process.stderr.write(`${file}: ${problem}\n`);
    process.exitCode = problems.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 2;
});
