import assert from "node:assert/strict";
import { runtimeCause, runtimeMessage } from "../../lib/onnx/runtime_message.ts";

const PREFIX = "Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: ";

Deno.test("runtimeMessage drops the runtime's preamble, source places and build paths", () => {
  const external = `${PREFIX}/mnt/azure_nvme_temp/_work/1/s/onnxruntime/core/optimizer/initializer.cc:79 ` +
    "onnxruntime::Initializer::Initializer(const Graph &, const onnx::TensorProto &, const std::filesystem::path &, " +
    'bool) [ONNXRuntimeError] : 1 : FAIL : Failed to load external data file ""w.bin"", error: no.\n';
  assert.equal(runtimeMessage(new Error(external)), 'Failed to load external data file ""w.bin"", error: no');
  assert.equal(
    runtimeMessage(new Error("failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: stod: no conversion")),
    "stod: no conversion",
  );
  assert.equal(
    runtimeMessage(
      new Error(`${PREFIX}D:\\a\\_work\\core\\graph\\graph.cc:12 onnxruntime::Graph::Resolve() Bad node`),
    ),
    "Bad node",
  );
  assert.equal(runtimeMessage(new Error("cannot open /home/vsts/work/1/s/x")), "cannot open");
});

Deno.test("runtimeMessage drops functions of C++ with what they take, wherever they stand", () => {
  const trees = "onnxruntime::ml::detail::TreeEnsembleCommon<float, float, float>";
  const cases = [
    [
      "void onnxruntime::Graph::InitializeStateFromModelFileGraphProto() This is no model",
      "This is no model",
    ],
    [
      `Status ${trees}::Init(int, int, const TreeEnsembleAttributesV3<ThresholdType> &) [InputType = float, ` +
      "OutputType = float] A node cannot point to itself: 0-0",
      "A node cannot point to itself: 0-0",
    ],
    ["onnxruntime::Div<long long>::Div(const OpKernelInfo &) [T = long long] b[i] was 0", "b[i] was 0"],
    [
      "static void SafeIntExceptionHandler<onnxruntime::OnnxRuntimeException>::SafeIntOnOverflow() Integer overflow",
      "Integer overflow",
    ],
    [
      "Status Message: virtual OrtValue *onnxruntime::OpKernelContext::OutputMLValue(int, const TensorShape &) " +
      "tensor.cc:57 CalculateTensorStorageSize Tensor shape.Size() must be >= 0",
      "Status Message: Tensor shape.Size() must be >= 0",
    ],
    [
      "tensorprotoutils.cc:1422 GetSizeInBytes Out of bounds (4 bytes) in 'w'",
      "Out of bounds (4 bytes) in 'w'",
    ],
    [`void ${trees}::AddNodes(const size_t, gsl::span<const int`, "no reason given"],
    ["Node (a) of onnxruntime has [3] (and more)", "Node (a) of onnxruntime has [3] (and more)"],
    ["name '\u0000\u001b[31m' is not there", "name ' [31m' is not there"],
  ];
  for (const [raw, text] of cases) assert.equal(runtimeMessage(new Error(`${PREFIX}${raw}`)), text);
});

Deno.test("runtimeMessage takes no longer for names of millions of letters", () => {
  for (const part of ["x", "a ", "onnxruntime::", "int ", "(", "x *", "a.cc:1 "]) {
    const message = runtimeMessage(new Error(`${PREFIX}${part.repeat(1_000_000)}`));
    assert(message.length <= 300);
  }
});

Deno.test("runtimeMessage keeps one line of at most 300 characters", () => {
  const message = runtimeMessage(
    new Error(`${PREFIX}Got invalid dimensions\n index: 1\n${"x".repeat(5000)}`),
  );
  assert(message.startsWith("Got invalid dimensions index: 1 xxx"));
  assert.equal(message.length, 300);
  assert(message.endsWith("…"));
});

Deno.test("runtimeMessage says something for an empty message and for what is no error", () => {
  assert.equal(runtimeMessage(new Error("")), "no reason given");
  assert.equal(runtimeMessage(`${PREFIX}why`), "why");
  assert.equal(runtimeMessage(undefined), "undefined");
});

Deno.test("runtimeCause is a fresh error without the original's stack", () => {
  const original = new Error(`${PREFIX}why`);
  original.stack = "minified ".repeat(1000);
  const cause = runtimeCause(original);
  assert.equal(cause.message, "why");
  assert(!cause.stack?.includes("minified"));
  assert.equal(cause.cause, undefined);
});
