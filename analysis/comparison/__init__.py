"""How do outlets differ, and how sure is it? Coded tables in, small result tables out; no article is opened."""
