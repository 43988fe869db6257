"""The networks of a checkpoint on ONNX Runtime: what is played on stage, without torch."""
