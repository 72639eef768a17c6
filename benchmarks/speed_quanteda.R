# The job of benchmarks.speed in quanteda: tokens, counts per article, places of the patterns. Whole process, two threads.
# Rscript speed_quanteda.R BODIES PATTERNS, two text files with a body and a pattern a line; prints a line of JSON.
arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(quanteda))
quanteda_options(threads = 2)
begun <- proc.time()[["elapsed"]]
bodies <- readLines(arguments[[1]], encoding = "UTF-8")
patterns <- readLines(arguments[[2]], encoding = "UTF-8")
words <- tokens(bodies, what = "word", remove_punct = TRUE, xptr = TRUE)
places <- as.data.frame(index(words, phrase(patterns), valuetype = "glob"))
counts <- dfm(words)
cat(sprintf(
  '{"seconds": %.3f, "tokens": %.0f, "types": %d, "mentions": %d}\n',
  proc.time()[["elapsed"]] - begun, sum(counts), nfeat(counts), nrow(places)
))
