// V8 behind a pipe: one JSON request a line on stdin, one JSON answer a line on stdout. Times are in milliseconds and taken in here,
// so that the pipe is not measured.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { WASI } from 'node:wasi';

let module;
let instance;

function load(path, salt) {
  const bytes = readFileSync(path);
  // V8 knows bytes that it has compiled before; a custom section of its own makes every load a first one.
  const fresh = Buffer.concat([bytes, salted(salt)]);
  const begin = performance.now();
  module = new WebAssembly.Module(fresh);
  return performance.now() - begin;
}

function salted(salt) {
  const payload = Buffer.from(`\x04salt${salt}`);
  return Buffer.concat([Buffer.from([0, payload.length]), payload]);
}

function instantiate() {
  const begin = performance.now();
  const wasi = new WASI({ version: 'preview1', args: ['plugin'], env: {} });
  const fresh = new WebAssembly.Instance(module, wasi.getImportObject());
  wasi.initialize(fresh);
  instance = fresh;
  return performance.now() - begin;
}

function call(name, args, repeat) {
  const exported = instance.exports[name];
  const values = args.map(argument => (argument.type === 'i64' ? BigInt(argument.value) : Number(argument.value)));
  let result;
  const begin = performance.now();
  for (let i = 0; i < repeat; i++) result = exported(...values);
  return { milliseconds: performance.now() - begin, result: String(result) };
}

const operations = {
  load: request => ({ milliseconds: load(request.path, request.salt) }),
  instantiate: () => ({ milliseconds: instantiate() }),
  call: request => call(request.export, request.args, request.repeat),
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = operations[request.operation](request);
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
