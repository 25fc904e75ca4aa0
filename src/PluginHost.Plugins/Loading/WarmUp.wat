;; What the host runs once when it starts, so that the first upload finds the engine's own code compiled. It has the shapes of Go's code: a stack
;; in memory, a function whose blocks are chosen by a br_table, calls through a table, bulk copies, and an import of WASI's.
;; WarmUp.wasm is made of it by: wat2wasm WarmUp.wat
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (memory (export "memory") 2)
  (table 8 funcref)
  (global $sp (mut i32) (i32.const 65536))
  (global $g (mut i64) (i64.const 0))
  (elem (i32.const 4) $leaf $loop)
  (data (i32.const 1024) "PluginHost")
  (data (i32.const 2048) "\01\02\03\04\05\06\07\08")

  (func $leaf (param $pc i32) (result i32)
    (local $sp i32)
    (local.set $sp (global.get $sp))
    (i64.store offset=8 (local.get $sp) (i64.add (i64.load offset=8 (local.get $sp)) (i64.const 1)))
    (i32.store8 (i32.const 3000) (i32.load8_u (i32.const 1024)))
    (f64.store (i32.const 3008) (f64.mul (f64.convert_i64_s (i64.load offset=8 (local.get $sp))) (f64.const 1.5)))
    (global.set $g (i64.extend_i32_u (local.get $sp)))
    (i32.const 0))

  (func $loop (param $pc i32) (result i32)
    (local $sp i32) (local $i i64) (local $sum i64)
    (local.set $sp (i32.sub (global.get $sp) (i32.const 32)))
    (global.set $sp (local.get $sp))
    (block $unwind
      (loop $entry
        (block $two (block $one (block $zero
          (br_table $zero $one $two (local.get $pc))
        )
        (local.set $i (i64.const 0))
        (local.set $pc (i32.const 1))
        (br $entry))
        (local.set $sum (i64.xor (local.get $sum) (i64.mul (local.get $i) (i64.const 2654435761))))
        (i64.store (local.get $sp) (local.get $sum))
        (local.set $i (i64.add (local.get $i) (i64.const 1)))
        (if (i64.lt_s (local.get $i) (i64.const 2000))
          (then (local.set $pc (i32.const 1)) (br $entry)))
        (local.set $pc (i32.const 2))
        (br $entry))
        (drop (call_indirect (param i32) (result i32) (i32.const 0) (i32.const 4)))
        (drop (call $leaf (i32.const 0)))
        (global.set $sp (i32.add (local.get $sp) (i32.const 32)))
        (return (i32.const 0))))
    (i32.const 1))

  (func (export "_initialize")
    (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 512)))
    (memory.copy (i32.const 4096) (i32.const 1024) (i32.const 64))
    (memory.fill (i32.const 8192) (i32.const 0) (i32.const 4096))
    (drop (call $loop (i32.const 0))))

  (func (export "run") (param i32 i32) (result i32)
    (drop (call $loop (i32.const 0)))
    (i32.add (local.get 0) (local.get 1))))
