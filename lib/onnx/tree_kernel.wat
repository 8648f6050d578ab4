;; Walks rows through decision trees. scripts/build_kernel.ts turns this text into tree_kernel.ts.
;;
;; A node takes 16 bytes:
;;   0  f32  threshold; of a leaf that has one score, that score
;;   4  i32  where the node's column is in a row, in bytes; of a leaf with several scores, where its list starts
;;   8  i32  address of the child for "value <= threshold"; the other one follows it; 0 marks a leaf
;;   12 i32  of a leaf with several scores: where its list ends
;; A score in a list takes 8 bytes: i32 where it goes in the row of sums, in bytes; f32 what is added there.
;;
;; Rows come first and trees second: a branch taken for one tree helps to predict the next, and the sums of a row are
;; added in the order of the trees, as ONNX Runtime adds them.
(module
  (memory (export "memory") 1)

  ;; One score a leaf: sums[row] = the sum over all trees.
  (func (export "sumScores")
    (param $row i32) (param $rowsEnd i32) (param $rowBytes i32)
    (param $roots i32) (param $rootsEnd i32) (param $sums i32)
    (local $root i32) (local $node i32) (local $child i32) (local $sum f32)
    (loop $rows
      (local.set $sum (f32.const 0))
      (local.set $root (local.get $roots))
      (loop $trees
        (local.set $node (i32.load (local.get $root)))
        (block $leaf
          (loop $steps
            (br_if $leaf (i32.eqz (local.tee $child (i32.load offset=8 (local.get $node)))))
            (if (f32.le
                  (f32.load (i32.add (local.get $row) (i32.load offset=4 (local.get $node))))
                  (f32.load (local.get $node)))
              (then (local.set $node (local.get $child)))
              (else (local.set $node (i32.add (local.get $child) (i32.const 16)))))
            (br $steps)))
        (local.set $sum (f32.add (local.get $sum) (f32.load (local.get $node))))
        (br_if $trees
          (i32.lt_u (local.tee $root (i32.add (local.get $root) (i32.const 4))) (local.get $rootsEnd))))
      (f32.store (local.get $sums) (local.get $sum))
      (local.set $sums (i32.add (local.get $sums) (i32.const 4)))
      (br_if $rows
        (i32.lt_u (local.tee $row (i32.add (local.get $row) (local.get $rowBytes))) (local.get $rowsEnd)))))

  ;; A list of scores a leaf: added to the row of sums, which the caller has set to zero.
  (func (export "addScores")
    (param $row i32) (param $rowsEnd i32) (param $rowBytes i32)
    (param $roots i32) (param $rootsEnd i32) (param $sums i32) (param $sumsBytes i32)
    (local $root i32) (local $node i32) (local $child i32) (local $sum i32) (local $score i32)
    (loop $rows
      (local.set $root (local.get $roots))
      (loop $trees
        (local.set $node (i32.load (local.get $root)))
        (block $leaf
          (loop $steps
            (br_if $leaf (i32.eqz (local.tee $child (i32.load offset=8 (local.get $node)))))
            (if (f32.le
                  (f32.load (i32.add (local.get $row) (i32.load offset=4 (local.get $node))))
                  (f32.load (local.get $node)))
              (then (local.set $node (local.get $child)))
              (else (local.set $node (i32.add (local.get $child) (i32.const 16)))))
            (br $steps)))
        (local.set $score (i32.load offset=4 (local.get $node)))
        (block $done
          (loop $scores
            (br_if $done (i32.ge_u (local.get $score) (i32.load offset=12 (local.get $node))))
            (local.set $sum (i32.add (local.get $sums) (i32.load (local.get $score))))
            (f32.store (local.get $sum)
              (f32.add (f32.load (local.get $sum)) (f32.load offset=4 (local.get $score))))
            (local.set $score (i32.add (local.get $score) (i32.const 8)))
            (br $scores)))
        (br_if $trees
          (i32.lt_u (local.tee $root (i32.add (local.get $root) (i32.const 4))) (local.get $rootsEnd))))
      (local.set $sums (i32.add (local.get $sums) (local.get $sumsBytes)))
      (br_if $rows
        (i32.lt_u (local.tee $row (i32.add (local.get $row) (local.get $rowBytes))) (local.get $rowsEnd)))))
)
