"""What fields a paper proposes, one module for each kind. Days are written as 2026-11-23 and amounts as 26000.00;
everything else as it stands on the paper."""
