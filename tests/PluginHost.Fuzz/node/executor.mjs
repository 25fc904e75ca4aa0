// Runs modules in V8. Each line of the input is a request, each line of the output its answer:
//   {"validate": base64}                              -> {"valid": bool}
//   {"module": base64, "calls": [[name, params, results, [bits…]]…]} -> {"results": [text…], "memory": text}
// Values travel as their bits, in decimal.
import { createInterface } from 'node:readline';

const f64 = new Float64Array(1), u64 = new BigUint64Array(f64.buffer), f32 = new Float32Array(1), u32 = new Uint32Array(f32.buffer);

function toValue(type, bits) {
  switch (type) {
    case 'i': return Number(BigInt.asIntN(32, BigInt(bits)));
    case 'I': return BigInt.asIntN(64, BigInt(bits));
    case 'f': u32[0] = Number(bits); return f32[0];
    default: u64[0] = BigInt(bits); return f64[0];
  }
}

function toBits(type, value) {
  switch (type) {
    case 'i': return String(value >>> 0);
    case 'I': return String(BigInt.asUintN(64, value));
    case 'f': f32[0] = value; return Number.isNaN(value) ? 'nan' : String(u32[0]);
    default: f64[0] = value; return Number.isNaN(value) ? 'nan' : String(u64[0]);
  }
}

function trapKind(error) {
  if (error instanceof RangeError && /call stack/.test(error.message)) return 'trap stack';
  if (!(error instanceof WebAssembly.RuntimeError)) return `error ${error.message}`;
  const rules = [[/unreachable/, 'unreachable'], [/memory access out of bounds/, 'memory'], [/(divide|remainder) by zero/, 'divide'],
    [/divide result unrepresentable|float unrepresentable/, 'overflow'], [/table index is out of bounds|null function|signature mismatch|table access out of bounds/, 'table'],
    [/table|element/, 'table']];
  for (const [pattern, kind] of rules) if (pattern.test(error.message)) return `trap ${kind}`;
  return `trap ${error.message}`;
}

// The same hash as the other executors': 64-bit words, multiplied and mixed.
function hash(memory) {
  let h1 = 0x9e3779b9 | 0, h2 = 0x85ebca6b | 0;
  const halves = new Int32Array(memory.buffer);
  for (let i = 0; i < halves.length; i++) {
    h1 = Math.imul(h1 ^ halves[i], 0x01000193);
    h2 = Math.imul((h2 + halves[i]) | 0, 0x85ebca77) ^ (h2 >>> 15);
  }
  return `${halves.length}-${h1 >>> 0}-${h2 >>> 0}`;
}

function run(request) {
  let log = 0;
  const note = (value) => { log = Math.imul(log, 31) + (typeof value === 'bigint' ? Number(BigInt.asIntN(32, value ^ (value >> 32n))) : (f64[0] = value, Number(BigInt.asIntN(32, u64[0] ^ (u64[0] >> 32n))))) | 0; };
  let instance;
  try {
    const module = new WebAssembly.Module(Buffer.from(request.module, 'base64'));
    const imports = {};
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      if (kind === 'function') (imports[from] ??= {})[name] = note;
    }
    instance = new WebAssembly.Instance(module, imports);
  } catch (error) {
    return { results: [error instanceof WebAssembly.CompileError ? 'invalid' : trapKind(error)], memory: '' };
  }
  const results = request.calls.map(([name, params, types, bits]) => {
    try {
      const value = instance.exports[name](...bits.map((b, i) => toValue(params[i], b)));
      return types.length === 0 ? '' : types.length === 1 ? toBits(types[0], value) : [...value].map((v, i) => toBits(types[i], v)).join(' ');
    } catch (error) {
      return trapKind(error);
    }
  });
  const memory = Object.values(instance.exports).find((e) => e instanceof WebAssembly.Memory);
  return { results, memory: `${memory ? hash(memory) : ''}/${log >>> 0}` };
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const request = JSON.parse(line);
  const answer = request.validate === undefined ? run(request) : { valid: WebAssembly.validate(Buffer.from(request.validate, 'base64')) };
  process.stdout.write(JSON.stringify(answer) + '\n');
}
