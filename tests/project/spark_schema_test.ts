import assert from "node:assert/strict";
import { DATATYPES } from "../../lib/oip/datatypes.ts";
import { type AnswerFields, typeOfTensor } from "../../lib/project/answer_type.ts";
import { sparkDdl, sparkJson } from "../../lib/project/spark_schema.ts";

const FIELDS: AnswerFields = {
  label: { kind: "INT64" },
  "odd `name`": { kind: "array", element: { kind: "FP32" } },
  who: { kind: "object", fields: { "first name": { kind: "text" }, age: { kind: "number" } } },
  nothing: { kind: "null" },
};

Deno.test("columns are quoted and typed as Spark's DDL has them", () => {
  assert.equal(
    sparkDdl(FIELDS),
    "`label` BIGINT, `odd ``name``` ARRAY<FLOAT>, `who` STRUCT<`first name`: STRING, `age`: DOUBLE>, " +
      "`nothing` STRING",
  );
  assert.equal(sparkDdl({}), "");
});

Deno.test("the JSON of a StructType has every column, each of which may be null", () => {
  const field = (name: string, type: unknown) => ({ name, type, nullable: true, metadata: {} });
  assert.deepEqual(sparkJson(FIELDS), {
    type: "struct",
    fields: [
      field("label", "long"),
      field("odd `name`", { type: "array", elementType: "float", containsNull: true }),
      field("who", { type: "struct", fields: [field("first name", "string"), field("age", "double")] }),
      field("nothing", "string"),
    ],
  });
});

Deno.test("no tensor's element loses digits in Spark", () => {
  const ddl = DATATYPES.map((datatype) => sparkDdl({ x: typeOfTensor({ datatype, shape: [-1] }) }).slice(4));
  assert.deepEqual(Object.fromEntries(DATATYPES.map((name, index) => [name, ddl[index]])), {
    BOOL: "BOOLEAN",
    UINT8: "SMALLINT",
    UINT16: "INT",
    UINT32: "BIGINT",
    UINT64: "DECIMAL(20,0)",
    INT8: "TINYINT",
    INT16: "SMALLINT",
    INT32: "INT",
    INT64: "BIGINT",
    FP16: "FLOAT",
    FP32: "FLOAT",
    FP64: "DOUBLE",
    BYTES: "STRING",
  });
});
