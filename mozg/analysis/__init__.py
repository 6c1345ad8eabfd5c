"""The methods: what the numbers of `mozg.metrics` say, as pure functions on its frames."""
