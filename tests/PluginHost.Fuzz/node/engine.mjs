// Runs or validates modules for the fuzzer: one request a line, one answer a line, values as bit patterns in hexadecimal.
import { createInterface } from 'node:readline';

const scratch = new DataView(new ArrayBuffer(8));
let hosts = [];
let memoryHash;

const decode = {
  i: hex => Number(BigInt.asIntN(32, BigInt('0x' + hex))),
  I: hex => BigInt.asIntN(64, BigInt('0x' + hex)),
  f: hex => (scratch.setBigUint64(0, BigInt('0x' + hex)), scratch.getFloat32(4)),
  F: hex => (scratch.setBigUint64(0, BigInt('0x' + hex)), scratch.getFloat64(0)),
};

const encode = {
  i: value => (value >>> 0).toString(16),
  I: value => BigInt.asUintN(64, value).toString(16),
  f: value => (scratch.setFloat32(0, value), scratch.getUint32(0).toString(16)),
  F: value => (scratch.setFloat64(0, value), scratch.getBigUint64(0).toString(16)),
};

function message(error) {
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return error.message;
  throw error;
}

function call(instance, { name, parameters, results, args }) {
  let values;

  try {
    values = instance.exports[name](...args.map((hex, i) => decode[parameters[i]](hex)));
  } catch (error) {
    return { trap: message(error) };
  }

  const list = results.length === 0 ? [] : results.length === 1 ? [values] : values;
  return { results: list.map((value, i) => encode[results[i]](value)) };
}

function run({ module, calls, globals }) {
  const compiled = new WebAssembly.Module(Buffer.from(module, 'base64'));
  const imports = {};
  const linked = hosts.map(host => {
    const instance = new WebAssembly.Instance(host.module);
    imports[host.name] = instance.exports;
    return instance;
  });

  let instance;

  try {
    instance = new WebAssembly.Instance(compiled, imports);
  } catch (error) {
    return { start: message(error) };
  }

  const outcomes = calls.map(item => call(instance, item));
  const memory = Object.values(instance.exports).find(value => value instanceof WebAssembly.Memory);
  const hash = memory ? new WebAssembly.Instance(memoryHash, { case: { memory } }).exports.hash() : 0n;

  return {
    outcomes,
    pages: memory ? memory.buffer.byteLength / 65536 : 0,
    memory: encode.I(hash),
    logs: linked.map(host => encode.I(host.exports.digest())),
    globals: globals.map(({ name, type }) => encode[type](instance.exports[name].value)),
  };
}

// Whether each of the modules is valid, and if not, why.
function validate({ modules }) {
  return modules.map(text => {
    const bytes = Buffer.from(text, 'base64');

    if (WebAssembly.validate(bytes)) return null;

    try {
      return `refused, but compiled: ${new WebAssembly.Module(bytes)}`;
    } catch (error) {
      return error.message;
    }
  });
}

function prepare({ modules, hash }) {
  hosts = modules.map(({ name, bytes }) => ({ name, module: new WebAssembly.Module(Buffer.from(bytes, 'base64')) }));
  memoryHash = new WebAssembly.Module(Buffer.from(hash, 'base64'));
  return {};
}

const operations = { prepare, run, validate };

createInterface({ input: process.stdin, terminal: false }).on('line', line => {
  const request = JSON.parse(line);
  let answer;

  try {
    answer = { answer: operations[request.operation](request) };
  } catch (error) {
    answer = { error: `${error.name}: ${error.message}` };
  }

  process.stdout.write(JSON.stringify(answer) + '\n');
});
