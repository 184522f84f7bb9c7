// Checks Kubernetes manifests against the schemas of their kinds, without a cluster and without a network:
// manifests.js FILE... Prints the objects as a JSON array; what is wrong goes to stderr, and the exit status is 1.
'use strict';
const fs = require('fs');
const yaml = require('yaml');

// The API server drops a field that its schema does not know; a schema alone does not refuse it. The validators ask for
// each property that they know by name, so what they have never asked for is unknown.
function watched(value, path, seen) {
    if (value === null || typeof value !== 'object') return value;
    return new Proxy(value, {
        get(target, name) {
            const inner = target[name];
            if (typeof name !== 'string' || !Object.hasOwn(target, name)) return inner;
            const at = `${path}/${name}`;
            seen.asked.add(at);
            return watched(inner, at, seen);
        },
    });
}

function paths(value, path) {
    if (value === null || typeof value !== 'object') return [path];
    return [path, ...Object.entries(value).flatMap(([name, inner]) => paths(inner, `${path}/${name}`))];
}

function problems(object) {
    const { apiVersion, kind } = object;
    let Model;
    try {
        Model = require(`kubernetes-models/${apiVersion}/${kind}`)[kind];
    } catch {
        return [`there is no ${kind} in ${apiVersion}`];
    }
    const model = new Model(object);
    try {
        model.validate();
    } catch (error) {
        return error.message.split(', ');
    }
    const seen = { asked: new Set(['']) };
    Object.getPrototypeOf(model).validate.call(watched(model, '', seen));
    return paths(object, '').filter((path) => !seen.asked.has(path)).map((path) => `unknown field ${path}`);
}

const objects = process.argv.slice(2).flatMap((file) => yaml.parseAllDocuments(fs.readFileSync(file, 'utf8'))
    .map((document) => {
        if (document.errors.length > 0) throw document.errors[0];
        return document.toJS();
    }));
for (const object of objects)
    for (const problem of problems(object)) {
        console.error(`${object.kind} ${object.metadata?.name}: ${problem}`);
        process.exitCode = 1;
    }
console.log(JSON.stringify(objects));
