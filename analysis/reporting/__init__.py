"""How is it shown, re-run and cited? Result tables in; figures, executed notebooks and pages out."""
